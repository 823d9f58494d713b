//! Do the words for columns lead to fields that there are?

use super::*;
use crate::domain::field;

#[test]
fn every_line_names_a_field() {
    for (meaning, weight, headers) in LINES {
        if let F(name) = meaning {
            assert!(field::find(name).is_some_and(|field| field.editable), "{name}");
        }
        assert!((40..=100).contains(weight) && !headers.split('|').any(|header| words(header).is_empty()), "{headers}");
    }
}

#[test]
fn headers_of_the_trade_are_known() {
    for (header, meaning) in [
        ("App #", F("number")),
        ("Application ID", F("number")),
        ("Interconnection App No", F("number")),
        ("applicationID", F("number")),
        ("projectNumber", F("number")),
        ("Case Number", F("crm_number")),
        ("Project Name", F("site")),
        ("Account Name", F("customer_name")),
        ("Cust Name", F("customer_name")),
        ("Site Address", F("address")),
        ("Service Address", F("address")),
        ("Site State/Province", F("state")),
        ("Utility", F("utility")),
        ("EDC", F("utility")),
        ("transmissionOwner", F("utility")),
        ("Status", Status),
        ("Stage", Status),
        ("kW AC", F("size_ac")),
        ("kWac", F("size_ac")),
        ("System Size (kW)", F("size_ac")),
        ("System Size AC (kW)", F("size_ac")),
        ("System Size DC (kW)", F("size_dc")),
        ("MW", F("size_ac")),
        ("Battery kWh", F("storage_energy")),
        ("kW CEC-AC", F("size_cec")),
        ("UL 1741 Certification", F("certification")),
        ("Interconnection Tier", F("tier")),
        ("Customer Class", F("customer_class")),
        ("Network Type", F("network")),
        ("Submitted", M("submitted")),
        ("Date Submitted", M("submitted")),
        ("Deemed Complete", M("deemed-complete")),
        ("PTO Date", M("pto")),
        ("PTO Requested Date", M("completion-sent")),
        ("Actual In Service Date", M("in-service")),
        ("Owner", F("owner")),
        ("Assigned To", F("owner")),
        ("Next Step Date", F("follow_up")),
        ("Next Step", Note),
        ("Follow Up", F("follow_up")),
        ("Followup Date", F("follow_up")),
        ("Notes", Note),
        ("Comments", Note),
        ("Meter #", F("meter_number")),
        ("Permit", F("permit_number")),
        ("AHJ", F("ahj")),
        ("E-mail", F("customer_email")),
        ("Last Modified Date", Modified),
        ("Amount", Nothing("money is not kept here")),
        ("Submited Date", M("submitted")),
    ] {
        assert_eq!(meanings(header).first().map(|(meaning, _)| *meaning), Some(meaning), "{header}: {:?}", meanings(header));
    }
    for header in ["", "Colour", "Foreman", "xyz", "Is Deleted"] {
        assert_eq!(meanings(header), [], "{header}");
    }
}
