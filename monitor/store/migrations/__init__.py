"""Schema changes, one file each; see `monitor.store.prepare`."""
