using FlowGrain.Flows.Native;

namespace FlowGrain.Tests.Flows.Native;

/// <summary>How the mended file comes into the cache.</summary>
public sealed class MendedLibraryTests : IDisposable
{
    private static readonly byte[] Library = [.. Enumerable.Range(0, 100_000).Select(value => (byte)value)];

    private readonly string _folder = Directory.CreateTempSubdirectory("flowgrain-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Writers_at_once_leave_one_whole_file()
    {
        Parallel.For(0, 50, _ => Assert.Equal(Library, File.ReadAllBytes(MendedLibrary.Write(_folder, "library.so", Library))));
        Assert.Single(Directory.GetFiles(_folder));
    }

    [Fact]
    public void A_finished_file_is_not_written_again()
    {
        var path = MendedLibrary.Write(_folder, "library.so", Library);
        File.SetLastWriteTimeUtc(path, DateTime.UnixEpoch);
        MendedLibrary.Write(_folder, "library.so", Library);
        Assert.Equal(DateTime.UnixEpoch, File.GetLastWriteTimeUtc(path));
    }

    [Fact]
    public void A_damaged_file_is_replaced()
    {
        File.WriteAllBytes(Path.Combine(_folder, "library.so"), Library[..10]);
        Assert.Equal(Library, File.ReadAllBytes(MendedLibrary.Write(_folder, "library.so", Library)));
    }
}
