/** Name of the files of a role's client, without their extension; it is good for every file system. */
export function roleFile(role: string): string {
  return `client-${role.toLowerCase().replace(/[^a-z0-9_.-]/g, '_')}`;
}
