//! Lists from which the names, places and texts of simulated users are drawn.
//!
//! They contain what real directories contain: letters outside ASCII in several scripts, combining accents, quotes,
//! and texts that do harm if they are not escaped.

pub(crate) const FIRST_NAMES: &[&str] = &[
    "Anna",
    "Ben",
    "Clara",
    "David",
    "Emma",
    "Felix",
    "Grace",
    "Henry",
    "Ida",
    "Jonas",
    "Kira",
    "Liam",
    "Mia",
    "Noah",
    "Olga",
    "Paul",
    "Quinn",
    "Rosa",
    "Sam",
    "Tara",
    "Uma",
    "Viktor",
    "Wendy",
    "Yara",
    "Zoë",
    "José",
    "Jose\u{301}",
    "Søren",
    "İbrahim",
    "Ilgın",
    "Łukasz",
    "Françoise",
    "Ægir",
    "Nguyễn",
    "Σίσυφος",
    "Дмитрий",
    "小明",
    "さくら",
    "محمد",
    "שרה",
    "Jean-Luc",
    "D'Arcy",
    "Ana \"Nina\"",
    "A\u{30a}sa",
    "ﬁona",
];

pub(crate) const LAST_NAMES: &[&str] = &[
    "Smith",
    "Garcia",
    "Novak",
    "Keller",
    "Okafor",
    "Silva",
    "Tanaka",
    "Dubois",
    "Rossi",
    "Andersson",
    "Kowalski",
    "Weiß",
    "Groß",
    "Strauß",
    "Müller-Lüdenscheidt",
    "O'Brien",
    "van der Berg",
    "Çelik",
    "Yılmaz",
    "Ñuñez",
    "Ørsted",
    "Trần",
    "Παπαδόπουλος",
    "Иванова",
    "王",
    "山田",
    "الفاسي",
    "לוי",
    "Mu\u{308}nch",
    "St. John",
    "de' Medici",
];

/// Rare last names that break careless HTML, SQL and CSV.
pub(crate) const HOSTILE_NAMES: &[&str] = &[
    "<script>alert('x')</script>",
    "Robert'); DROP TABLE users;--",
    "=cmd|' /C calc'!A0",
    "a,b;\"c\"",
    "back\\slash",
    "tab\there",
    "right\u{202e}left",
    "&amp; Söhne",
];

/// Characters of four bytes in UTF-8. Okta says that it does not accept them, but some orgs have them.
pub(crate) const EMOJI: &[&str] = &["😀", "🚀", "👩‍💻", "🏳️‍🌈"];

pub(crate) const DEPARTMENTS: &[&str] = &[
    "Engineering",
    "Sales",
    "Marketing",
    "Finance",
    "Legal",
    "People & Culture",
    "IT",
    "Kundendienst",
    "Forschung/Entwicklung",
    "Qualité",
];

pub(crate) const TITLES: &[&str] = &[
    "Engineer",
    "Senior Engineer",
    "Manager",
    "Director",
    "Analyst",
    "Assistant",
    "Ingénieur",
    "Geschäftsführer",
    "Head of \"Everything\"",
    "VP, Sales",
];

/// City, state, postal code, country, language, time zone.
pub(crate) const PLACES: &[[&str; 6]] = &[
    ["Berlin", "BE", "10115", "DE", "de_DE", "Europe/Berlin"],
    ["Zürich", "ZH", "8001", "CH", "de_CH", "Europe/Zurich"],
    ["New York", "NY", "00501", "US", "en_US", "America/New_York"],
    ["São Paulo", "SP", "01000-000", "BR", "pt_BR", "America/Sao_Paulo"],
    ["東京", "13", "100-0001", "JP", "ja_JP", "Asia/Tokyo"],
    ["Kraków", "MA", "30-001", "PL", "pl_PL", "Europe/Warsaw"],
    ["İstanbul", "34", "34000", "TR", "tr_TR", "Europe/Istanbul"],
];

pub(crate) const SKILLS: &[&str] = &[
    "rust",
    "sql",
    "java",
    "c",
    "négociation",
    "first aid",
    "\"quoting\"",
    "",
];

/// One sentence of the long texts.
pub(crate) const SENTENCE: &str =
    "Worked on the migration of the directory; prefers mornings, writes “good” notes.\n";
