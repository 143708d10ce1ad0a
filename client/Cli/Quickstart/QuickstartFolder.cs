using FlowGrain.Storage;

namespace FlowGrain.Cli.Quickstart;

/// <summary>The quickstart's own folder under the home: the data, to play with afterwards, and the picture.</summary>
internal sealed class QuickstartFolder(string home)
{
    private readonly string _folder = Path.Combine(home, "quickstart");

    internal string Csv => Path.Combine(_folder, "zipcodes.csv");

    internal string Picture => Path.Combine(_folder, "zipcodes.png");

    /// <summary>Puts the bundled data there unless it already is, to the byte; the path stays the same wherever the program lies.</summary>
    internal void Prepare()
    {
        Durable.CreateFolder(_folder);
        var bundled = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Quickstart", "zipcodes.csv"));
        if (File.Exists(Csv) && bundled.AsSpan().SequenceEqual(File.ReadAllBytes(Csv))) return;
        WholeFile.Write(Csv, bundled);
    }
}
