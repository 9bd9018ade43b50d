//! Time zones as people name them: `Europe/Berlin`, in any case, or the city alone.

use chrono_tz::{TZ_VARIANTS, Tz};

/// Those that a form offers: one for nearly every clock that people live by. All others are taken as well.
pub(super) const OFFERED: [Tz; 56] = {
    use chrono_tz::{Africa, America, Asia, Atlantic, Australia, Europe, Pacific};
    [
        Pacific::Pago_Pago,
        Pacific::Honolulu,
        America::Anchorage,
        America::Los_Angeles,
        America::Denver,
        America::Phoenix,
        America::Chicago,
        America::Mexico_City,
        America::New_York,
        America::Toronto,
        America::Bogota,
        America::Lima,
        America::Halifax,
        America::Santiago,
        America::St_Johns,
        America::Sao_Paulo,
        America::Buenos_Aires,
        Atlantic::South_Georgia,
        Atlantic::Azores,
        Atlantic::Reykjavik,
        Europe::London,
        Europe::Dublin,
        Europe::Lisbon,
        Africa::Casablanca,
        Africa::Lagos,
        Europe::Madrid,
        Europe::Paris,
        Europe::Amsterdam,
        Europe::Berlin,
        Europe::Zurich,
        Europe::Rome,
        Europe::Stockholm,
        Europe::Warsaw,
        Europe::Athens,
        Europe::Helsinki,
        Europe::Kyiv,
        Africa::Cairo,
        Africa::Johannesburg,
        Asia::Jerusalem,
        Europe::Istanbul,
        Africa::Nairobi,
        Asia::Tehran,
        Asia::Dubai,
        Asia::Karachi,
        Asia::Kolkata,
        Asia::Kathmandu,
        Asia::Dhaka,
        Asia::Bangkok,
        Asia::Singapore,
        Asia::Shanghai,
        Asia::Tokyo,
        Asia::Seoul,
        Australia::Adelaide,
        Australia::Sydney,
        Pacific::Auckland,
        Pacific::Apia,
    ]
};

/// The zone that a text names; none where it names none, or several.
pub(super) fn read(typed: &str) -> Option<Tz> {
    let typed = typed.trim().replace(' ', "_");
    let named = |zone: &&Tz| zone.name().eq_ignore_ascii_case(&typed);
    let of_city =
        |zone: &&Tz| zone.name().rsplit_once('/').is_some_and(|(_, city)| city.eq_ignore_ascii_case(&typed));
    let cities: Vec<&Tz> = TZ_VARIANTS.iter().filter(of_city).collect();
    let offered = || OFFERED.iter().find(|zone| of_city(zone));
    TZ_VARIANTS
        .iter()
        .find(named)
        .or_else(offered)
        .or_else(|| cities.first().copied().filter(|_| cities.len() == 1))
        .copied()
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn zones_are_taken_as_people_write_them() {
        for (typed, zone) in [
            ("Europe/Berlin", "Europe/Berlin"),
            (" europe/berlin ", "Europe/Berlin"),
            ("New York", "America/New_York"),
            ("sao paulo", "America/Sao_Paulo"),
            ("Kiritimati", "Pacific/Kiritimati"),
            ("utc", "UTC"),
        ] {
            assert_eq!(read(typed).map(chrono_tz::Tz::name), Some(zone), "{typed}");
        }
        for nowhere in ["Mars/Olympus", "", "Europe"] {
            assert_eq!(read(nowhere), None, "{nowhere}");
        }
    }
}
