using FlowGrain.Storage;

namespace FlowGrain.Tests.Grains.Storage;

public sealed class StagingFolderTests : IDisposable
{
    private const int LongestPath = 4095; // bytes that Linux takes

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void One_that_cannot_be_locked_is_not_left_behind()
    {
        var room = LongestPath - "/.staging-0123456789abcdef0123456789abcdef".Length - "/loc".Length; // one letter too few for the lock
        var root = _folder.Path;
        while (root.Length < room) root += "/" + new string('x', Math.Clamp(room - root.Length - 1, 1, 200));
        Assert.ThrowsAny<IOException>(() => StagingFolder.Create(root, TimeProvider.System));
        Assert.Empty(Directory.EnumerateFileSystemEntries(root));
    }

    [Fact]
    public void It_takes_the_place_of_what_had_its_name()
    {
        Directory.CreateDirectory(_folder.In("root/target/sub"));
        using (var staging = StagingFolder.Create(_folder.In("root"), TimeProvider.System))
        {
            File.WriteAllText(staging.In("new"), "");
            staging.Replace(_folder.In("root/target"));
        }

        Assert.Equal([_folder.In("root/target")], Directory.EnumerateFileSystemEntries(_folder.In("root")));
        Assert.Equal([_folder.In("root/target/new")], Directory.EnumerateFileSystemEntries(_folder.In("root/target")));
    }

    [Fact]
    public void A_folder_is_removed_with_all_in_it()
    {
        Directory.CreateDirectory(_folder.In("root/target/sub"));
        StagingFolder.Remove(_folder.In("root/target"));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.In("root")));
    }
}
