import { formatBytes } from "../../output/units.ts";
import { found, ok, type Examine } from "../facts.ts";
import { changeStatements } from "./settings.ts";

const megabyte = 2 ** 20;

/** A setting that should be a share of the machine's memory, as section "Resource Consumption" of the manual says. */
interface Share {
  readonly setting: string;
  readonly least: number;
  readonly most: number;
  /** Returns the value in bytes. */
  readonly wanted: (memory: number) => number;
  readonly reason: string;
}

const shares: readonly Share[] = [
  {
    setting: "shared_buffers",
    least: 0.15,
    most: 0.4,
    wanted: (memory) => memory / 4,
    reason:
      "A quarter of the memory suits most servers; with less, pages are read again and again, with much more, the system's own cache has no room.",
  },
  {
    setting: "effective_cache_size",
    least: 0.5,
    most: 1,
    wanted: (memory) => (memory * 3) / 4,
    reason:
      "It reserves nothing: it tells the planner how much of the disk is in memory, and so whether an index is worth it.",
  },
  {
    setting: "maintenance_work_mem",
    least: 0.01,
    most: 0.1,
    wanted: (memory) => Math.min(memory / 16, 2 ** 30),
    reason: "Indexes are built and tables vacuumed in it, by a few processes at once.",
  },
];

function shareCheck({ setting: name, least, most, wanted, reason }: Share): Examine {
  return ({ settings, machine: { memoryBytes: memory } }) => {
    const setting = settings.get(name);
    if (memory === undefined || setting === undefined || setting.number === null) return undefined;
    const share = setting.number / memory;
    if (share >= least && share <= most) return undefined;
    return found(name, "note", {
      message: `${name} is ${setting.value}, ${(share * 100).toPrecision(2)} % of the memory of ${formatBytes(memory)}.`,
      reason,
      cure: changeStatements(setting, inMegabytes(wanted(memory))),
    });
  };
}

/** Each connection may take work_mem for each sort and hash; two are usual. */
const sortMemory: Examine = ({ settings, machine: { memoryBytes: memory } }) => {
  const name = "work_mem";
  const setting = settings.get(name);
  const connections = settings.get("max_connections")?.number ?? undefined;
  if (
    memory === undefined ||
    connections === undefined ||
    setting === undefined ||
    setting.number === null
  )
    return undefined;
  const bytes = setting.number;
  const wanted = Math.min(Math.max(memory / 4 / connections / 2, 4 * megabyte), 64 * megabyte);
  const cure = changeStatements(setting, inMegabytes(wanted));
  if (bytes * connections > memory) {
    return found(name, "warning", {
      message: `work_mem is ${formatBytes(bytes)}, and ${connections} connections may take it, each several times.`,
      reason:
        "Together that is more than the memory: the system ends processes of the server then.",
      cure,
    });
  }
  if (wanted < 2 * bytes) return undefined;
  return found(name, "note", {
    message: `work_mem is ${formatBytes(bytes)}; ${inMegabytes(wanted)} would fit for ${connections} connections.`,
    reason: "What a sort or a hash cannot hold in it goes to the disk.",
    cure,
  });
};

const machine: Examine = ({ machine: { memoryBytes: memory, processors, isLocal } }) => {
  if (memory !== undefined) {
    const where = isLocal ? "The server runs on this machine" : "The server's machine";
    const rest = processors === undefined ? "" : `, ${processors} processors`;
    return ok("machine", `${where}: ${formatBytes(memory)} of memory${rest}`);
  }
  return found("machine", "note", {
    message: "The memory of the server's machine is not known.",
    reason: "Without it the memory settings cannot be judged.",
    cure: "doramaflix-db doctor --memory 16GB --processors 8",
  });
};

function inMegabytes(bytes: number): string {
  return `${Math.round(bytes / megabyte)}MB`;
}

export const memoryChecks: readonly Examine[] = [machine, ...shares.map(shareCheck), sortMemory];
