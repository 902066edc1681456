/**
 * INFO: what the server tells about itself, in the sections and fields that monitoring tools read.
 *
 * Each section is a function from the server to its fields, in Redis's order and under Redis's
 * names; what has no meaning here is left out, except where tools would stumble without it.
 */
import type { Server } from "../server.ts";
import { clientsSection } from "./clients.ts";
import { commandstatsSection, errorstatsSection, latencystatsSection } from "./commands.ts";
import { cpuSection, serverSection } from "./host.ts";
import { keyspaceSection } from "./keyspace.ts";
import { memorySection } from "./memory.ts";
import { persistenceSection, replicationSection } from "./persistence.ts";
import { statsSection } from "./stats.ts";

/** Lines of one section, `name` and `value` each. */
export type Fields = Record<string, string | number>;

interface Section {
  readonly title: string;
  /** Whether INFO without arguments shows it. */
  readonly byDefault: boolean;
  readonly fields: (server: Server) => Fields;
}

const SECTIONS: Readonly<Record<string, Section>> = {
  server: { title: "Server", byDefault: true, fields: serverSection },
  clients: { title: "Clients", byDefault: true, fields: clientsSection },
  memory: { title: "Memory", byDefault: true, fields: memorySection },
  persistence: { title: "Persistence", byDefault: true, fields: persistenceSection },
  stats: { title: "Stats", byDefault: true, fields: statsSection },
  replication: { title: "Replication", byDefault: true, fields: replicationSection },
  cpu: { title: "CPU", byDefault: true, fields: cpuSection },
  modules: { title: "Modules", byDefault: true, fields: () => ({}) },
  commandstats: { title: "Commandstats", byDefault: false, fields: commandstatsSection },
  errorstats: { title: "Errorstats", byDefault: true, fields: errorstatsSection },
  latencystats: { title: "Latencystats", byDefault: false, fields: latencystatsSection },
  cluster: { title: "Cluster", byDefault: true, fields: () => ({ cluster_enabled: 0 }) },
  keyspace: { title: "Keyspace", byDefault: true, fields: keyspaceSection },
};

/**
 * The text of INFO.
 *
 * @param names Sections, `default`, `all` or `everything`, in any case; none means `default`. Unknown ones are passed over.
 */
export function infoText(server: Server, names: readonly string[]): string {
  const wanted = new Set<string>();
  for (const name of names.length === 0 ? ["default"] : names) {
    const lower = name.toLowerCase();
    for (const [section, { byDefault }] of Object.entries(SECTIONS)) {
      const isMeant = lower === "all" || lower === "everything" || lower === section ||
        (lower === "default" && byDefault);
      if (isMeant) wanted.add(section);
    }
  }
  return Object.entries(SECTIONS)
    .filter(([name]) => wanted.has(name))
    .map(([, section]) => sectionText(section, server))
    .join("\r\n");
}

function sectionText({ title, fields }: Section, server: Server): string {
  let text = `# ${title}\r\n`;
  for (const [name, value] of Object.entries(fields(server))) text += `${name}:${value}\r\n`;
  return text;
}
