using FlowGrain.Storage;

namespace FlowGrain.Cli.Quickstart;

/// <summary>The quickstart's own folder under the home: the data, to play with afterwards, and the picture.</summary>
internal sealed class QuickstartFolder(string home)
{
    private readonly string _folder = Path.Combine(home, "quickstart");

    internal string Csv => Path.Combine(_folder, "zipcodes.csv");

    internal string Picture => Path.Combine(_folder, "zipcodes.png");

    /// <summary>Puts the bundled data there unless it already is; the path stays the same wherever the program lies.</summary>
    internal void Prepare()
    {
        Durable.CreateFolder(_folder);
        var bundled = new FileInfo(Path.Combine(AppContext.BaseDirectory, "Quickstart", "zipcodes.csv"));
        if (new FileInfo(Csv) is { Exists: true } there && there.Length == bundled.Length) return;
        WholeFile.Write(Csv, File.ReadAllBytes(bundled.FullName));
    }
}
