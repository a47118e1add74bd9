/**
 * Why the energy of a run is unknown: InferenceX's code if it has one (utils/aggregate_power.py, August 2026), and the reason in
 * words.
 */
export interface EnergyReason {
  readonly code: string;
  readonly message: string;
}

/** What one device drew over the measured window. */
export interface DeviceEnergy {
  readonly node: string;
  readonly device: number;
  /** Role of the plan whose process had it. */
  readonly role: string;
  /** Readings of power from the last before the window to the first after it. */
  readonly samples: number;
  /** The longest time between two of them, s. */
  readonly maxGapS?: number;
  /** Integral of the readings over exactly the window, J. */
  readonly energyJ?: number;
  /** Between the first and the last of these readings that have the driver's own energy counter: what it counted, J. */
  readonly counterJ?: number;
  /** Integral of the readings over the same time as `counterJ`, J. */
  readonly integralJ?: number;
}

/** Energy of the devices that a run used, over its measured window. */
export interface EnergyRecord {
  /** False as soon as anything about the readings is in doubt: then no number is made of them. */
  readonly valid: boolean;
  readonly reasons: readonly EnergyReason[];
  /** The tool and the field that power was read from. */
  readonly source?: string;
  /** Those that `counterJ` was read from; only where there is one. */
  readonly counterSource?: string;
  readonly devices: readonly DeviceEnergy[];
}
