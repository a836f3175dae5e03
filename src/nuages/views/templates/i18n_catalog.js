{% autoescape off %}'use strict';
{
  const globals = this;
  const django = globals.django || (globals.django = {});

  {% if plural %}
  django.pluralidx = function(n) {
    const v = {{ plural }};
    return typeof v === 'boolean' ? Number(v) : v;
  };
  {% else %}
  django.pluralidx = function(count) { return (count == 1) ? 0 : 1; };
  {% endif %}

  django.catalog = django.catalog || {};
  {% if catalog_str %}
  const newcatalog = {{ catalog_str }};
  Object.assign(django.catalog, newcatalog);
  {% endif %}

  if (!django.jsi18n_initialized) {
    const found = (key) => django.catalog[key];
    const first = (value) => Array.isArray(value) ? value[0] : value;

    django.gettext = (message) => first(found(message) ?? message);
    django.ngettext = (singular, plural, count) => {
      const value = found(singular);
      return value === undefined ? (count == 1 ? singular : plural) : [].concat(value)[django.pluralidx(count)];
    };
    django.gettext_noop = (message) => message;
    django.pgettext = (context, message) => {
      const value = found(context + '\x04' + message);
      return value === undefined ? message : first(value);
    };
    django.npgettext = (context, singular, plural, count) => {
      const value = found(context + '\x04' + singular);
      return value === undefined ? (count == 1 ? singular : plural) : [].concat(value)[django.pluralidx(count)];
    };
    django.interpolate = (format, values, named) => named
      ? format.replace(/%\(\w+\)s/g, (hit) => String(values[hit.slice(2, -2)]))
      : format.replace(/%s/g, () => String(values.shift()));

    django.formats = {{ formats_str }};
    django.get_format = (name) => django.formats[name] ?? name;

    for (const name of ['pluralidx', 'gettext', 'ngettext', 'gettext_noop', 'pgettext', 'npgettext', 'interpolate', 'get_format']) {
      globals[name] = django[name];
    }
    django.jsi18n_initialized = true;
  }
}
{% endautoescape %}
