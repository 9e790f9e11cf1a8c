/** The machine and the lab a host has. Engines are reported by themselves: they have to be loaded for that. */
export interface HostReport {
  readonly appVersion: string;
  /** `Node 24.1.0`, or Electron with its Node. */
  readonly runtime: string;
  readonly platform: string;
  readonly cores: number;
  /** Runs trained at once. */
  readonly workers: number;
  readonly threadsPerTrainer: number;
  readonly memoryBytes: number;
  readonly lab: {
    readonly path: string;
    /** Null while the file is not there. */
    readonly bytes: number | null;
    /** Of its disk; null where the folder is not there. */
    readonly freeBytes: number | null;
  };
  /** Newest first. */
  readonly backups: readonly {
    readonly path: string;
    readonly bytes: number;
    /** ISO 8601, UTC. */
    readonly madeAt: string;
  }[];
}
