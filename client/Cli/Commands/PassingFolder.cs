namespace FlowGrain.Cli.Commands;

/// <summary>A folder for files that nobody needs once the command has ended.</summary>
internal sealed class PassingFolder : IDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("flowgrain-").FullName;

    /// <summary>The path of a file in it.</summary>
    internal string In(string file) => Path.Combine(_path, file);

    /// <inheritdoc />
    public void Dispose() => Directory.Delete(_path, recursive: true);
}
