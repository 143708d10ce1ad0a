namespace FlowGrain.Bench;

/// <summary>A folder that goes with the benchmark.</summary>
internal sealed class TemporaryHome : IDisposable
{
    internal string Path { get; } = Directory.CreateTempSubdirectory("flowgrain-bench-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
