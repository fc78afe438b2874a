"""Tabulate the breaks of Zn-N bonds, the recoveries from them and the lives of undercoordinated Zn.

========================  =================================================================================
``bond_events.csv``       one row per event, times in ps (`zifmelt.mechanism.events.COLUMNS`)
``defect_lifetimes.csv``  zinc, start_ps, lifetime_ps, censored
========================  =================================================================================
"""

from zifmelt.files import write_table
from zifmelt.mechanism.bonds import load_bonds
from zifmelt.mechanism.events import find_events
from zifmelt.mechanism.lifetimes import defect_lifetimes
from zifmelt.scripting import logged

with logged(snakemake.log[0]):
    bonds = load_bonds(snakemake.input.bonds)
    events = find_events(bonds)
    print(f"{len(events)} events")
    write_table(snakemake.output.events, events)
    write_table(snakemake.output.lifetimes, defect_lifetimes(bonds))
