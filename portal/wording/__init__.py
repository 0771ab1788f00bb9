"""Words a person reads, in both languages: catalogue, dates, numbers, periods, labels and typography."""
