namespace FlowGrain.Cli.Help;

/// <summary>What <c>flowgrain help</c> explains beside the commands.</summary>
internal static class Topics
{
    internal static IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> All { get; } = new SortedDictionary<string, IReadOnlyDictionary<string, string>>
    {
        ["exit-codes"] = ExitCode.Meanings.ToDictionary(code => $"{code.Key}", code => code.Value),
        ["environment"] = new Dictionary<string, string>
        {
            ["FLOWGRAIN_HOME"] = "folder with the runs, models and data; --home goes before it",
            ["FLOWGRAIN_API_KEY"] = "key that --cluster shows to the silos",
            ["NO_COLOR"] = "no colours, as --no-color",
            ["Devices__Cpu"] = "worker slots of the embedded cluster, by default one a core; they change the speed, never the result",
            ["COLORTERM"] = "truecolor: pictures in 24-bit colour; otherwise in 256 colours",
        },
    };
}
