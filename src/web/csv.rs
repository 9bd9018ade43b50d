//! Tables as CSV, safe to open in a spreadsheet.

use axum::http::header;
use axum::response::{IntoResponse, Response};

/// A CSV file of a header and rows. Cells that a spreadsheet would run as a formula are prefixed with an apostrophe.
pub fn table<R>(name: &str, header_row: &[&str], rows: R) -> crate::error::Result<Response>
where
    R: IntoIterator<Item = Vec<String>>,
{
    let mut writer = csv::Writer::from_writer(Vec::new());
    let failed = |error: csv::Error| anyhow::Error::from(error);
    writer.write_record(header_row).map_err(failed)?;
    for row in rows {
        writer.write_record(row.into_iter().map(harmless)).map_err(failed)?;
    }
    let bytes =
        writer.into_inner().map_err(|error| anyhow::anyhow!("writing a CSV file: {}", error.error()))?;
    let disposition = format!("attachment; filename=\"{name}\"");
    Ok((
        [(header::CONTENT_TYPE, "text/csv; charset=utf-8"), (header::CONTENT_DISPOSITION, &disposition)],
        bytes,
    )
        .into_response())
}

fn harmless(cell: String) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{cell}") } else { cell }
}

#[cfg(test)]
mod tests {
    use super::harmless;

    #[test]
    fn formulas_are_made_harmless() {
        for bad in ["=1+1", "+1", "-1", "@x", "\tx", "\rx"] {
            assert_eq!(harmless(bad.to_owned()), format!("'{bad}"));
        }
        assert_eq!(harmless("Ada = 1".to_owned()), "Ada = 1");
    }
}
