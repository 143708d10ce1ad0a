using System.Text.RegularExpressions;
using FlowGrain.Flows.Interchange;
using FlowGrain.Serving;

namespace FlowGrain.Tests.Flows.Oracle;

/// <summary>What a Python library computed in float64 of a flow of its own: a file LIBRARY_ARCHITECTURE_D.npz, whose README.md lies beside it.</summary>
internal sealed partial class ReferenceFile
{
    private const string None = "none";

    private readonly Dictionary<string, StateTensor> _tensors;

    private ReferenceFile(string name)
    {
        _tensors = StateFile.Read(Path.Combine(Folder, name));
        var words = NamePattern().Match(name);
        Library = words.Groups["library"].Value;
        Imported = FlowImport.Read(Library, Below("sd."), Spec(words.Groups["architecture"].Value));
    }

    /// <summary>Names of the files; one that stands for none where there are none.</summary>
    internal static TheoryData<string> Names => [.. Files() is [_, ..] files ? files : [None]];

    internal string Library { get; }

    internal ImportedFlow Imported { get; }

    /// <summary>The numbers of a tensor.</summary>
    internal double[] this[string name] => _tensors[name].Values;

    private static string Folder => Environment.GetEnvironmentVariable("FLOWGRAIN_ORACLE") ?? Path.GetFullPath(Path.Combine(Repository.Root, "..", "shared", "data", "oracle"));

    /// <summary>Opens a file; skips the test where there is none.</summary>
    internal static ReferenceFile Open(string name)
    {
        Assert.SkipWhen(name == None, $"There are no reference files in {Folder}; FLOWGRAIN_ORACLE names another folder.");
        return new ReferenceFile(name);
    }

    /// <summary>The tensors whose names begin with a prefix, without it.</summary>
    internal Dictionary<string, StateTensor> Below(string prefix) =>
        _tensors.Where(tensor => tensor.Key.StartsWith(prefix, StringComparison.Ordinal)).ToDictionary(tensor => tensor.Key[prefix.Length..], tensor => tensor.Value);

    private StateDictSpec Spec(string architecture)
    {
        const double Bound = 3;

        var kind = architecture switch
        {
            "realnvp" => FlowArchitecture.RealNvp,
            "maf" => FlowArchitecture.Maf,
            "nsf-c" => FlowArchitecture.Nsf,
            "nsf-ar" => FlowArchitecture.NsfAr,
            _ => throw new InvalidOperationException($"'{architecture}' is no architecture of the reference files."),
        };
        var isSpline = kind is FlowArchitecture.Nsf or FlowArchitecture.NsfAr;
        return new StateDictSpec
        {
            Architecture = kind,
            Columns = [.. Enumerable.Range(0, _tensors["x"].Shape[1]).Select(column => $"x{column}")],
            TailBound = isSpline ? Bound : null,
            DividedLogits = Library == "nflows" && isSpline ? true : null,
        };
    }

    private static string[] Files() => Directory.Exists(Folder) ? [.. Directory.EnumerateFiles(Folder, "*.npz").Select(path => Path.GetFileName(path)).Where(name => NamePattern().IsMatch(name)).Order(StringComparer.Ordinal)] : [];

    [GeneratedRegex("^(?<library>nflows|zuko)_(?<architecture>[a-z-]+)_[0-9]+[.]npz$")]
    private static partial Regex NamePattern();
}
