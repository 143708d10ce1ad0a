using static FlowGrain.Tests.Deploy.Deployment;

namespace FlowGrain.Tests.Deploy;

/// <summary>deploy/Dockerfile, cut into its instructions.</summary>
/// <param name="Instructions">In order, each on one line.</param>
internal sealed record Dockerfile(IReadOnlyList<Dockerfile.Instruction> Instructions)
{
    /// <summary>What the image gives to a silo.</summary>
    internal IEnumerable<KeyValuePair<string, string>> Environment => Of("ENV").Last().Words.Select(word => word.Split('=', 2)).Select(pair => KeyValuePair.Create(pair[0], pair[1]));

    /// <summary>The files and folders of the repository that it copies.</summary>
    internal IEnumerable<string> Sources => Of("COPY").Where(copy => !copy.IsFromStage).SelectMany(copy => copy.Sources);

    internal static Dockerfile Read() => new(
        [.. File.ReadAllText(In("deploy/Dockerfile")).Replace("\\\n", " ").Split('\n').Where(line => line != "" && line[0] != '#').Select(line => line.Split(' ', 2)).Select(pair => new Instruction(pair[0], pair[1]))]);

    internal IEnumerable<Instruction> Of(string verb) => Instructions.Where(instruction => instruction.Verb == verb);

    /// <summary>Whether .dockerignore lets a file go to the engine; the last rule that it meets decides.</summary>
    internal static bool IsSent(string path) => File.ReadLines(In("deploy/Dockerfile.dockerignore")).Last(rule => Meets(path, rule.TrimStart('!'))).StartsWith('!');

    private static bool Meets(string path, string rule) =>
        rule == "*" || path == rule || path.StartsWith($"{rule}/", StringComparison.Ordinal) || (rule.StartsWith("**/", StringComparison.Ordinal) && path.Split('/').Contains(rule[3..]));

    /// <summary>An instruction, such as COPY, and what follows it.</summary>
    internal sealed record Instruction(string Verb, string Rest)
    {
        internal string[] Words => Rest.Split(' ', StringSplitOptions.RemoveEmptyEntries);

        internal bool IsFromStage => Words.Any(word => word.StartsWith("--from=", StringComparison.Ordinal));

        /// <summary>What COPY copies.</summary>
        internal string[] Sources => Paths[..^1];

        /// <summary>Where to.</summary>
        internal string Target => Paths[^1];

        private string[] Paths => [.. Words.Where(word => !word.StartsWith("--", StringComparison.Ordinal))];
    }
}
