using FlowGrain.Storage;

namespace FlowGrain.Tests.Grains.Storage;

public sealed class DurableTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_folder_is_made_with_all_that_lead_to_it()
    {
        Durable.CreateFolder(_folder.In("a/b/c/"));
        Durable.CreateFolder(_folder.In("a/b/c"));
        Assert.True(Directory.Exists(_folder.In("a/b/c")));
    }

    [Fact]
    public void A_folder_cannot_be_made_below_a_file()
    {
        _folder.Write("a", "");
        Assert.ThrowsAny<IOException>(() => Durable.CreateFolder(_folder.In("a/b")));
    }

    [Fact]
    public void A_folder_that_cannot_be_synced_is_an_error_that_names_it()
    {
        var error = Assert.Throws<IOException>(() => Durable.SyncFolder(_folder.In("gone")));
        Assert.Equal(2, error.HResult); // ENOENT
        Assert.Contains($"What was written in '{_folder.In("gone")}' may not be on disk", error.Message);
        Assert.EndsWith("; check that disk and run the same command again.", error.Message);
    }

    [Fact]
    public void A_file_system_that_has_no_way_to_sync_folders_is_left_alone() => Durable.SyncFolder("/proc");

    [Fact]
    public void A_file_that_cannot_be_synced_is_an_error()
    {
        using var disk = new SmallDisk(kilobytes: 8);
        Assert.ThrowsAny<IOException>(() => Durable.WriteFile(disk.In("f"), new byte[100_000]));
    }
}
