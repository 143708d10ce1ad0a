using FlowGrain.Training;

namespace FlowGrain.Tests.Grains.Training;

public sealed class RunLockTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_held_lock_is_refused_with_its_holder_until_it_is_let_go()
    {
        using (RunLock.Take(_folder.In("m"), "m"))
        {
            Assert.True(RunLock.IsHeld(_folder.In("m")));
            var error = Assert.Throws<RunConflictException>(() => RunLock.Take(_folder.In("m"), "m"));
            Assert.Contains($"process {Environment.ProcessId}", error.Message);
        }

        Assert.False(RunLock.IsHeld(_folder.In("m")));
        RunLock.Take(_folder.In("m"), "m").Dispose();
    }

    [Fact]
    public void A_lock_whose_holder_has_not_signed_yet_is_refused_all_the_same()
    {
        using var held = RunLock.Take(_folder.In("m"), "m");
        File.Delete(Path.Combine(_folder.In("m"), "holder"));
        Assert.Contains("another process", Assert.Throws<RunConflictException>(() => RunLock.Take(_folder.In("m"), "m")).Message);
    }

    [Fact]
    public void Runs_have_locks_of_their_own()
    {
        using var one = RunLock.Take(_folder.In("one"), "one");
        using var other = RunLock.Take(_folder.In("other"), "other");
        Assert.False(RunLock.IsHeld(_folder.In("third")));
    }
}
