using FlowGrain.Storage;

namespace FlowGrain.Tests.Grains.Storage;

public sealed class WholeFileTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private string Target => _folder.In("f");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void It_appears_with_all_that_was_written()
    {
        using (var file = WholeFile.Create(Target))
        {
            file.Append("----"u8.ToArray());
            file.Append("tail"u8.ToArray());
            file.WriteHead("head"u8.ToArray());
            Assert.False(File.Exists(Target));
            file.Commit();
        }

        Assert.Equal("headtail", File.ReadAllText(Assert.Single(Directory.EnumerateFiles(_folder.Path))));
    }

    [Fact]
    public void One_that_is_not_committed_leaves_what_had_its_name()
    {
        File.WriteAllText(Target, "before");
        using (var file = WholeFile.Create(Target)) file.Append("after"u8.ToArray());
        Assert.Equal("before", File.ReadAllText(Assert.Single(Directory.EnumerateFiles(_folder.Path))));
    }

    [Fact]
    public void Its_name_may_be_as_long_as_a_name_can_be()
    {
        var longest = _folder.In(new string('x', 255));
        WholeFile.Write(longest, "all"u8.ToArray());
        Assert.Equal("all", File.ReadAllText(longest));
    }

    [Fact]
    public void A_full_disk_is_said_in_a_sentence_and_nothing_stays_there()
    {
        using var disk = new SmallDisk(kilobytes: 16);
        WholeFile.Write(disk.In("f"), "before"u8.ToArray());
        var error = Assert.Throws<DiskFullException>(() => WholeFile.Write(disk.In("f"), new byte[100_000]));
        Assert.Equal($"The disk that holds '{disk.Path}' is full; free some space and run the same command again.", error.Message);
        Assert.Equal("before", File.ReadAllText(Assert.Single(Directory.EnumerateFiles(disk.Path))));
    }

    [Theory]
    [InlineData("nowhere/f", "the folder '*/nowhere' is not there; make it, or name a file elsewhere.")]
    [InlineData("taken", "is a folder; name a file.")]
    public void A_place_that_cannot_be_written_is_refused_with_what_to_do(string name, string words)
    {
        Directory.CreateDirectory(_folder.In("taken"));
        var message = Assert.Throws<BadInputException>(() => WholeFile.Create(_folder.In(name))).Message;
        Assert.StartsWith($"'{_folder.In(name)}' ", message);
        Assert.All(words.Split('*'), part => Assert.Contains(part, message));
    }
}
