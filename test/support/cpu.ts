/** Milliseconds of CPU that this process has used: bounds on work are compared with it, and do not depend on what else runs on the machine. */
export function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
