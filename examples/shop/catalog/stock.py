"""What the demonstration shop sells: the words from which its products, customers and reviews are made."""

from __future__ import annotations

#: slug, English and French name, English and French text, price range in euros, kinds of products (English, French)
SHELVES: list[tuple[str, str, str, str, str, tuple[int, int], list[tuple[str, str]]]] = [
    ("umbrellas", "Umbrellas", "Parapluies", "For drizzle, showers and the walk home.", "Pour la bruine, les averses et le chemin du retour.", (18, 95), [
        ("Folding umbrella", "Parapluie pliant"), ("Walking umbrella", "Parapluie canne"), ("Storm umbrella", "Parapluie tempête"),
        ("Children's umbrella", "Parapluie enfant"), ("Golf umbrella", "Parapluie de golf"), ("Clear umbrella", "Parapluie transparent"),
        ("Pocket umbrella", "Parapluie de poche"), ("Parasol", "Ombrelle"),
    ]),
    ("rainwear", "Rainwear", "Vêtements de pluie", "Keeps the water out and lets you breathe.", "Garde l'eau dehors et laisse respirer.", (35, 240), [
        ("Raincoat", "Imperméable"), ("Oilskin jacket", "Ciré"), ("Cape", "Cape"), ("Windbreaker", "Coupe-vent"),
        ("Rain trousers", "Pantalon de pluie"), ("Cycling poncho", "Poncho vélo"), ("Parka", "Parka"), ("Rain hat", "Chapeau de pluie"),
    ]),
    ("knitwear", "Knitwear", "Mailles", "Wool, cotton and a little patience.", "De la laine, du coton et un peu de patience.", (25, 180), [
        ("Fisherman's jumper", "Pull marin"), ("Cardigan", "Gilet"), ("Scarf", "Écharpe"), ("Woolly hat", "Bonnet"),
        ("Mittens", "Moufles"), ("Slipover", "Débardeur"), ("Roll-neck", "Col roulé"), ("Socks", "Chaussettes"),
    ]),
    ("blankets", "Blankets", "Couvertures", "To be unfolded when the fog comes.", "À déplier quand vient le brouillard.", (40, 190), [
        ("Wool blanket", "Couverture en laine"), ("Throw", "Plaid"), ("Quilt", "Édredon"), ("Picnic rug", "Couverture de pique-nique"),
        ("Cotton blanket", "Couverture en coton"), ("Baby blanket", "Couverture bébé"), ("Cushion", "Coussin"), ("Bedspread", "Couvre-lit"),
    ]),
    ("lamps", "Lamps", "Lampes", "Light for grey afternoons.", "De la lumière pour les après-midi gris.", (29, 260), [
        ("Table lamp", "Lampe de table"), ("Reading lamp", "Liseuse"), ("Floor lamp", "Lampadaire"), ("Lantern", "Lanterne"),
        ("Night light", "Veilleuse"), ("Desk lamp", "Lampe de bureau"), ("Wall lamp", "Applique"), ("Camping lamp", "Lampe de camping"),
    ]),
    ("tea-and-coffee", "Tea and coffee", "Thé et café", "What warms from the inside.", "Ce qui réchauffe de l'intérieur.", (8, 85), [
        ("Teapot", "Théière"), ("Mug", "Mug"), ("Coffee maker", "Cafetière"), ("Flask", "Thermos"),
        ("Tea cup", "Tasse à thé"), ("Coffee grinder", "Moulin à café"), ("Milk jug", "Pot à lait"), ("Tea caddy", "Boîte à thé"),
    ]),
    ("stationery", "Stationery", "Papeterie", "For letters, lists and lazy Sundays.", "Pour les lettres, les listes et les dimanches paresseux.", (4, 60), [
        ("Notebook", "Carnet"), ("Fountain pen", "Stylo plume"), ("Letter paper", "Papier à lettres"), ("Sketchbook", "Carnet de croquis"),
        ("Calendar", "Calendrier"), ("Pencil case", "Trousse"), ("Diary", "Journal"), ("Postcards", "Cartes postales"),
    ]),
    ("instruments", "Instruments", "Instruments", "To know what comes before it comes.", "Pour savoir ce qui vient avant que cela vienne.", (22, 320), [
        ("Barometer", "Baromètre"), ("Thermometer", "Thermomètre"), ("Rain gauge", "Pluviomètre"), ("Weather vane", "Girouette"),
        ("Hygrometer", "Hygromètre"), ("Sundial", "Cadran solaire"), ("Weather station", "Station météo"), ("Compass", "Boussole"),
    ]),
    ("garden", "Garden", "Jardin", "For those who are glad when it rains.", "Pour celles et ceux que la pluie réjouit.", (9, 140), [
        ("Watering can", "Arrosoir"), ("Plant pot", "Pot de fleurs"), ("Rain barrel", "Récupérateur d'eau"), ("Gardening gloves", "Gants de jardin"),
        ("Trowel", "Transplantoir"), ("Seed box", "Boîte à graines"), ("Bird house", "Nichoir"), ("Garden boots", "Bottes de jardin"),
    ]),
    ("bags", "Bags", "Sacs", "Dry inside, whatever happens outside.", "Secs à l'intérieur, quoi qu'il arrive dehors.", (24, 210), [
        ("Rucksack", "Sac à dos"), ("Shopper", "Cabas"), ("Messenger bag", "Besace"), ("Dry bag", "Sac étanche"),
        ("Weekend bag", "Sac de week-end"), ("Bicycle bag", "Sacoche de vélo"), ("Wash bag", "Trousse de toilette"), ("Pouch", "Pochette"),
    ]),
]

SERIES = ["Aurore", "Brume", "Cirrus", "Drizzle", "Embrun", "Foehn", "Givre", "Horizon", "Île", "Levant", "Mistral", "Nimbus", "Orage"]

TAGS = [
    ("handmade", "Made by hand", "Fait main"), ("recycled", "Recycled", "Recyclé"), ("waterproof", "Waterproof", "Étanche"),
    ("gift", "A good gift", "Idée cadeau"), ("repairable", "Repairable", "Réparable"), ("local", "Made nearby", "Fabriqué près d'ici"),
]

TEXTS = [
    ("Made in small series, and made to be mended.", "Fabriqué en petites séries, et fait pour être réparé."),
    ("Light enough to be forgotten, until the first drop falls.", "Assez léger pour qu'on l'oublie, jusqu'à la première goutte."),
    ("The colours are those of the sky an hour after rain.", "Les couleurs sont celles du ciel une heure après la pluie."),
    ("It grows more beautiful with the years.", "Il embellit avec les années."),
    ("We have used it ourselves for two winters.", "Nous nous en servons nous-mêmes depuis deux hivers."),
    ("Nothing on it is there without a reason.", "Rien n'y est sans raison."),
    ("Comes with a little bag of cotton, and spare parts.", "Livré avec un petit sac de coton et des pièces de rechange."),
    ("Five years' warranty, wind included.", "Garanti cinq ans, vent compris."),
]

REVIEWS = [
    (5, "Better than I hoped", "It came on a rainy Tuesday and was needed at once. I would buy it again."),
    (5, "A companion", "I have taken it everywhere for a month, and it still looks new."),
    (5, "Parfait", "Très bien fini, et encore plus beau en vrai que sur l'image."),
    (4, "Well made", "Good material and good work; the colour is a little darker than in the picture."),
    (4, "Bon achat", "Conforme à la description. La livraison a pris un jour de plus que prévu."),
    (4, "Nearly perfect", "I wish that there were more colours, but this one does what it should."),
    (3, "All right", "It does its work, no more and no less."),
    (2, "Not for me", "Smaller than I had thought. The exchange was easy, though."),
]

CUSTOMERS = [
    ("amelie", "Amélie", "Laurent"), ("bruno", "Bruno", "Keller"), ("chidi", "Chidi", "Okafor"), ("dara", "Dara", "Walsh"),
    ("elif", "Elif", "Demir"), ("farid", "Farid", "Benali"), ("greta", "Greta", "Holm"), ("hugo", "Hugo", "Morel"),
    ("ines", "Inès", "Costa"), ("jonas", "Jonas", "Weber"), ("kaito", "Kaito", "Mori"), ("lucia", "Lucía", "Vega"),
]

STREETS = [
    ("12 rue des Tilleuls", "75011", "Paris", "FR"), ("3 quai des Brumes", "44000", "Nantes", "FR"), ("8 place du Marché", "1003", "Lausanne", "CH"),
    ("27 avenue Louise", "1050", "Bruxelles", "BE"), ("5 Cloud Street", "EH1 2NG", "Edinburgh", "GB"), ("41 rue Saint-Paul", "H2Y 1G7", "Montréal", "CA"),
]
