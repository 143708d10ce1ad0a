using System.Collections.Immutable;

namespace FlowGrain.Silo.Api;

/// <summary>What the names in addresses mean, the same wherever they stand; for the API's description.</summary>
internal static class ApiParameters
{
    private static readonly ImmutableDictionary<string, string> Words = new Dictionary<string, string>
    {
        ["acceptClass"] = "Whether it may go on in another device class than it was begun in, and so come to other bits.",
        ["alias"] = "An alias, such as champion or challenger.",
        ["context"] = "The value of a context column; once for each, in order.",
        ["first"] = "The first draw, counted from 0. Default 0.",
        ["from"] = "The version that it is believed to name; without it whichever it names.",
        ["id"] = "A data set or an upload, by the name that it was given.",
        ["look"] = "Whether it only looks: a model that no request has loaded is loaded for this one, and none gives way to it.",
        ["model"] = "The model's name; below /v2 with .sample or .detect behind it for these functions of it.",
        ["name"] = "What the file is called.",
        ["output"] = "What the job called its output.",
        ["part"] = "One of the files of an output in parts.",
        ["path"] = "A file or a folder, as the silos see it.",
        ["rows"] = "How many rows.",
        ["run"] = "The run's name.",
        ["seed"] = "What draws depend on, besides their number. Default 0.",
        ["sha256"] = "SHA-256 of the block, in hexadecimal digits.",
        ["verbose"] = "With it, a line for each thing that was looked at; its value says nothing.",
        ["version"] = "A version by its number or an alias; without it the champion, or the newest where there is none. Of a run a number, without it the newest.",
        ["x"] = "The coordinate that is shown along x. Default 0.",
        ["y"] = "The coordinate that is shown along y. Default 1.",
    }.ToImmutableDictionary();

    /// <summary>What a name means; null for one that nobody has explained.</summary>
    internal static string? Meaning(string name) => Words.GetValueOrDefault(name);
}
