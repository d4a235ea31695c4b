"""What figures count and what they are measured against; dashboards, lists behind figures, open data. Face: indicators.public."""
