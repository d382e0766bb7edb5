// Imported before everything else: ends the script with one sentence where Node is too old for the rest of it.
// A test compares the version with "engines" in package.json.
const needed = [20, 19];

const [major, minor] = process.versions.node.split(".").map(Number);
if (major < needed[0] || (major === needed[0] && minor < needed[1])) {
  console.error(
    `doramaflix-db needs Node ${needed.join(".")} or newer, and this is Node ${process.versions.node}: ` +
      "install a newer one from https://nodejs.org and run the command again.",
  );
  process.exit(1);
}
