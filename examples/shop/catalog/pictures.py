"""Pictures of products, drawn as SVG: the same product always looks the same."""

from random import Random

SIZE = 400

#: One drawing a category, on a canvas of 400 × 400: {main}, {dark} and {light} are colours.
GLYPHS = {
    "umbrellas": (
        '<path d="M200 96v196a26 26 0 0 1-52 0" fill="none" stroke="{dark}" stroke-width="11" stroke-linecap="round"/>'
        '<path d="M70 212a130 112 0 0 1 260 0c-20-18-46-18-65 0-20-18-45-18-65 0-20-18-46-18-65 0-20-18-45-18-65 0z" fill="{main}"/>'
        '<path d="M200 100c-34 22-58 60-65 112 20-18 45-18 65 0z" fill="{light}" opacity=".55"/>'
    ),
    "rainwear": (
        '<path d="M160 96h80l54 40-22 58-24-12v128H152V182l-24 12-22-58z" fill="{main}"/>'
        '<path d="M160 96c6 36 74 36 80 0 14 54-94 54-80 0z" fill="{dark}"/>'
        '<path d="M200 142v168" stroke="{light}" stroke-width="5"/><circle cx="188" cy="190" r="5" fill="{light}"/>'
        '<circle cx="188" cy="228" r="5" fill="{light}"/><circle cx="188" cy="266" r="5" fill="{light}"/>'
    ),
    "knitwear": (
        '<path d="M156 110q44 30 88 0l60 34-14 128h-40v44H150v-44h-40L96 144z" fill="{main}"/>'
        '<path d="M150 170h100M150 196h100M150 222h100" stroke="{light}" stroke-width="9" stroke-dasharray="9 9"/>'
        '<path d="M150 296h100v20H150zM110 254h40v18h-40zM250 254h40v18h-40z" fill="{dark}"/>'
    ),
    "blankets": (
        '<rect x="92" y="216" width="216" height="58" rx="24" fill="{dark}"/><rect x="92" y="164" width="216" height="58" rx="24" fill="{main}"/>'
        '<rect x="92" y="112" width="216" height="58" rx="24" fill="{light}"/>'
        '<path d="M120 274v22m22-22v22m22-22v22m22-22v22m22-22v22m22-22v22m22-22v22m22-22v22" stroke="{dark}" stroke-width="6"/>'
    ),
    "lamps": (
        '<circle cx="200" cy="164" r="98" fill="{light}" opacity=".4"/><path d="M152 108h96l40 92H112z" fill="{main}"/>'
        '<path d="M200 200v96" stroke="{dark}" stroke-width="12"/><rect x="146" y="290" width="108" height="18" rx="9" fill="{dark}"/>'
    ),
    "tea-and-coffee": (
        '<path d="M112 168h152v60a76 76 0 0 1-152 0z" fill="{main}"/><path d="M264 184h18a30 30 0 0 1 0 60h-22" fill="none" stroke="{main}" stroke-width="14"/>'
        '<ellipse cx="188" cy="168" rx="76" ry="16" fill="{dark}"/><rect x="94" y="308" width="188" height="12" rx="6" fill="{dark}"/>'
        '<path d="M160 140c-14-18 12-26 0-46m30 46c-14-18 12-26 0-46m30 46c-14-18 12-26 0-46" fill="none" stroke="{light}" stroke-width="8" stroke-linecap="round"/>'
    ),
    "stationery": (
        '<rect x="112" y="88" width="150" height="212" rx="10" fill="{main}"/><rect x="112" y="88" width="26" height="212" rx="10" fill="{dark}"/>'
        '<rect x="160" y="124" width="80" height="36" rx="5" fill="{light}"/><path d="M292 300l-12-28V110a12 12 0 0 1 24 0v162z" fill="{dark}"/>'
    ),
    "instruments": (
        '<circle cx="200" cy="200" r="112" fill="{dark}"/><circle cx="200" cy="200" r="94" fill="{light}"/>'
        '<path d="M200 118v18m0 128v18m-82-82h18m128 0h18m-140-58 13 13m90 90 13 13m0-116-13 13m-90 90-13 13" stroke="{dark}" stroke-width="7"/>'
        '<path d="M200 200l46-50" stroke="{main}" stroke-width="10" stroke-linecap="round"/><circle cx="200" cy="200" r="13" fill="{main}"/>'
    ),
    "garden": (
        '<path d="M132 220h136l-18 92H150z" fill="{main}"/><rect x="122" y="204" width="156" height="26" rx="8" fill="{dark}"/>'
        '<path d="M200 204c0-60-8-80-8-110" stroke="{dark}" stroke-width="7" fill="none"/>'
        '<path d="M194 150c-60 8-76-32-76-52 44-4 74 14 76 52zM198 128c-2-44 34-58 64-54 0 38-20 60-64 54zM199 186c4-42 44-48 76-34-10 36-42 50-76 34z" fill="{light}"/>'
    ),
    "bags": (
        '<path d="M150 150v-14a50 50 0 0 1 100 0v14" fill="none" stroke="{dark}" stroke-width="13"/>'
        '<path d="M104 150h192l18 150a14 14 0 0 1-14 16H100a14 14 0 0 1-14-16z" fill="{main}"/>'
        '<path d="M110 214h180" stroke="{light}" stroke-width="8"/><circle cx="200" cy="214" r="17" fill="{dark}"/>'
    ),
}
CLOUD = '<path transform="translate({x} {y}) scale({scale})" d="M30 60a25 25 0 0 1-2-50 36 36 0 0 1 68-4 27 27 0 0 1 4 54z" fill="#fff" opacity="{opacity}"/>'


#: main, dark and light colour of the thing, and the sky behind it
PALETTE = [
    ("#c8553d", "#5b2a20", "#f4c095", "#dfe9ee"),
    ("#2f648d", "#173449", "#f2a65a", "#f6e8d8"),
    ("#5f8d6d", "#2c4a38", "#e9d8a6", "#e4ecdf"),
    ("#d9a441", "#6b4a1b", "#fbeed0", "#d7e3ec"),
    ("#7d6b91", "#3b3049", "#f3c6b5", "#ebe5ef"),
    ("#3d8a94", "#1b4248", "#ffd9a0", "#f5e3dc"),
    ("#a64b63", "#4e2030", "#f2c9cf", "#e3ecef"),
    ("#48566a", "#232b36", "#a9c6de", "#efe6d6"),
    ("#b97a56", "#54331f", "#f0dcc3", "#dcebe8"),
    ("#8aa83f", "#40501b", "#e8f0c4", "#e6e4f0"),
    ("#e0876a", "#71372a", "#fde3cf", "#d9e6e4"),
    ("#4f7cac", "#22405f", "#c9e0f3", "#f4ead7"),
]


def draw(category: str, seed: str) -> str:
    """Draw the picture of a product, as the source of an SVG file."""
    chance = Random(seed)
    main, dark, light, sky = chance.choice(PALETTE)
    glyph = GLYPHS.get(category, GLYPHS["bags"]).format(main=main, dark=dark, light=light)
    clouds = "".join(
        CLOUD.format(x=chance.randint(-40, 300), y=chance.randint(10, 320), scale=chance.choice([0.8, 1, 1.3]), opacity=0.5)
        for _ in range(3)
    )
    sun = f'<circle cx="{chance.randint(40, 360)}" cy="{chance.randint(40, 140)}" r="{chance.randint(26, 60)}" fill="{light}" opacity=".6"/>'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIZE} {SIZE}"><rect width="{SIZE}" height="{SIZE}" '
        f'fill="{sky}"/>{sun}{clouds}<ellipse cx="200" cy="326" rx="120" ry="11" fill="#22303c" '
        f'opacity=".14"/>{glyph}</svg>'
    )
