"""The page of a campaign: one HTML file that reads like the study, made from what lies in its folder."""
