using FlowGrain.Client;
using FlowGrain.Data;
using Spectre.Console;

namespace FlowGrain.Cli.Output;

/// <summary>Says that data is uploaded, and on a terminal how far it is.</summary>
internal sealed class UploadLine : IProgress<ReadingProgress>, IDisposable
{
    private readonly Invocation _cli;
    private readonly string _file;
    private bool _said;

    private UploadLine(Invocation cli, string file) => (_cli, _file) = (cli, file);

    /// <summary>The path under which the cluster reads a file, folder, glob or query, which is uploaded where it has to be.</summary>
    internal static async Task<string> Locate(Invocation cli, ICluster cluster, string file, CancellationToken cancellation)
    {
        using var line = new UploadLine(cli, SourcePath.Name(file));
        return await cluster.Locate(LocalSource.Of(file), line, cancellation);
    }

    /// <inheritdoc />
    public void Report(ReadingProgress value)
    {
        if (!_said) _cli.Say($"Uploading {_file}: the silos see no such file in the folders of their Data:Roots.");
        _said = true;
        if (_cli.Terminal.ErrorIsTerminal && !_cli.Quiet) _cli.Talk.Show(new Text($"uploading {_file}: {100 * value.Fraction:0}%, {Figures.Bytes(value.Bytes)}"));
    }

    /// <inheritdoc />
    public void Dispose() => _cli.Talk.Clear();
}
