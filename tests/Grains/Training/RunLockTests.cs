using FlowGrain.Training;

namespace FlowGrain.Tests.Grains.Training;

public sealed class RunLockTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_held_lock_is_refused_with_its_holder_until_it_is_let_go()
    {
        using (await Take("m"))
        {
            Assert.True(RunLock.IsHeld(_folder.In("m")));
            var error = await Assert.ThrowsAsync<RunConflictException>(() => Take("m"));
            Assert.Contains($"process {Environment.ProcessId}", error.Message);
        }

        Assert.False(RunLock.IsHeld(_folder.In("m")));
        (await Take("m")).Dispose();
    }

    [Fact]
    public async Task A_lock_whose_holder_has_not_signed_yet_is_refused_all_the_same()
    {
        using var held = await Take("m");
        File.Delete(Path.Combine(_folder.In("m"), "holder"));
        Assert.Contains("another process", (await Assert.ThrowsAsync<RunConflictException>(() => Take("m"))).Message);
    }

    [Fact]
    public async Task A_lock_that_someone_has_for_an_instant_is_waited_for()
    {
        var glance = await Take("m");
        var taking = Take("m");
        glance.Dispose();
        (await taking).Dispose();
    }

    [Fact]
    public async Task Runs_have_locks_of_their_own()
    {
        using var one = await Take("one");
        using var other = await Take("other");
        Assert.False(RunLock.IsHeld(_folder.In("third")));
    }

    [Fact]
    public async Task A_lock_that_may_not_be_opened_is_held_by_nobody_and_says_what_to_change()
    {
        Directory.CreateDirectory(_folder.In("m/lock")); // what the system refuses as it does a file without permission
        var error = await Assert.ThrowsAsync<BadInputException>(() => Take("m"));
        Assert.Equal($"The lock of a run in '{_folder.In("m")}' may not be used by this user; change the permissions there, or choose another folder with --home.", error.Message);
    }

    [Fact]
    public async Task A_lock_that_cannot_be_opened_is_held_by_nobody_and_says_why()
    {
        Directory.CreateDirectory(_folder.In("m"));
        File.CreateSymbolicLink(_folder.In("m/lock"), "lock");
        var error = await Assert.ThrowsAsync<BadInputException>(() => Take("m"));
        Assert.Matches(@"^The lock of a run in '.*' cannot be used \(.+\); mend that, or choose another folder with --home\.$", error.Message);
    }

    [Fact]
    public async Task A_full_disk_is_no_other_process()
    {
        using var disk = new SmallDisk(kilobytes: 64);
        Directory.CreateDirectory(disk.In("m"));
        disk.Fill();
        var error = await Assert.ThrowsAsync<DiskFullException>(() => RunLock.Take(disk.In("m"), "m", TimeProvider.System));
        Assert.Contains(disk.In("m"), error.Message);
    }

    [Fact]
    public async Task A_disk_that_is_read_only_is_no_other_process_either()
    {
        using var disk = new SmallDisk(kilobytes: 64);
        (await RunLock.Take(disk.In("m"), "m", TimeProvider.System)).Dispose();
        disk.Protect();
        Assert.False(RunLock.IsHeld(disk.In("m")));
        var error = await Assert.ThrowsAsync<BadInputException>(() => RunLock.Take(disk.In("m"), "m", TimeProvider.System));
        Assert.Contains("--home", error.Message);
    }

    private Task<IDisposable> Take(string run) => RunLock.Take(_folder.In(run), run, TimeProvider.System);
}
