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

    private Task<IDisposable> Take(string run) => RunLock.Take(_folder.In(run), run, TimeProvider.System);
}
