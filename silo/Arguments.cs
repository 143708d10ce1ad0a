using FlowGrain.Cluster;
using FlowGrain.Data;
using FlowGrain.Serving;
using FlowGrain.Silo.Observing;
using FlowGrain.Silo.Security;
using FlowGrain.Training;

namespace FlowGrain.Silo;

/// <summary>The words behind the program's name: settings and nothing else, since .NET passes over what it does not know.</summary>
internal static class Arguments
{
    private const string Usage = """
        Starts a silo of FlowGrain, which works until it is told to stop (SIGTERM or Ctrl+C).

        Settings follow as --Section:Key=value, such as --Http:Urls=http://127.0.0.1:8080 --Storage:Root=/srv/flowgrain;
        they can also stand in the environment (Storage__Root=/srv/flowgrain) or in the appsettings.json beside this program.
        """;

    private static readonly string[] Sections =
    [
        ClusterOptions.Section, SiloOptions.Section, HttpOptions.Section, StorageOptions.Section, DataOptions.Section, DevicesOptions.Section, ServingOptions.Section,
        NotifyOptions.Section, AuthOptions.Section, LimitsOptions.Section, OtlpOptions.Section, "Logging", "Kestrel",
    ];

    /// <summary>Answers words that start no silo; the exit code, or null where they are settings.</summary>
    internal static int? Answer(string[] words, TextWriter output, TextWriter errors)
    {
        if (words.Any(word => word is "--help" or "-h" or "-?"))
        {
            output.WriteLine($"{Usage}\nSections: {string.Join(", ", Sections)}.");
            return 0;
        }

        if (Fault(words) is not { } fault) return null;
        errors.WriteLine(fault);
        return 2;
    }

    private static string? Fault(string[] words)
    {
        for (var i = 0; i < words.Length; i++)
        {
            var (word, hasValue) = (words[i], words[i].Contains('='));
            var key = word.Split('=', 2)[0].TrimStart('-', '/');
            if (!key.Contains(':') || (!hasValue && i + 1 == words.Length)) return $"'{Excerpt.Of(word)}' is no setting; write --Section:Key=value, or --help.";
            if (key.Split(':')[0] is var section && !Sections.Contains(section, StringComparer.OrdinalIgnoreCase))
                return $"There is no section '{Excerpt.Of(section)}' of settings{Nearest.Hint(section, Sections, $"; there are {string.Join(", ", Sections)}.")}";
            if (!hasValue) i++; // --Section:Key value
        }

        return null;
    }
}
