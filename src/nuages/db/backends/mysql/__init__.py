"""MariaDB 10.11 and MySQL 8.4 and later, with PyMySQL."""
