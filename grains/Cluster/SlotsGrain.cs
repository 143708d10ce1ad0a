using System.Collections.Immutable;
using Microsoft.Extensions.Logging;

namespace FlowGrain.Cluster;

/// <inheritdoc cref="ISlotsGrain" />
internal sealed class SlotsGrain(IClusterMembershipService membership, TimeProvider clock, ILogger<SlotsGrain> logger) : Grain, ISlotsGrain
{
    private static readonly TimeSpan Forgotten = TimeSpan.FromSeconds(30); // three long polls

    private readonly CancellationTokenSource _deactivated = new();
    private readonly Dictionary<string, (SlotRequest Request, long Asked)> _runs = [];
    private readonly Dictionary<string, SiloDescription> _silos = [];
    private ImmutableDictionary<string, ImmutableArray<Slot>> _shares = ImmutableDictionary<string, ImmutableArray<Slot>>.Empty;
    private TaskCompletionSource<object> _changed = NewSignal();
    private Task _following = Task.CompletedTask;
    private long _sequence;

    public override async Task OnActivateAsync(CancellationToken cancellation)
    {
        _sequence = clock.GetUtcNow().UtcTicks; // later than what an activation before gave
        await Learn(membership.CurrentSnapshot);
        _following = Follow();
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellation)
    {
        await _deactivated.CancelAsync();
        await _following;
    }

    public async Task<SlotShare?> Share(SlotRequest request, long seen)
    {
        var known = _runs.TryGetValue(request.Run, out var before) && before.Request == request;
        _runs[request.Run] = (request, clock.GetTimestamp());
        if (!known) Divide();
        if (known && seen == _sequence) await LongPoll.Answer(_changed.Task, clock);
        Forget();
        return _sequence == seen ? null : Answer(request);
    }

    public Task Release(string run)
    {
        if (_runs.Remove(run)) Divide();
        return Task.CompletedTask;
    }

    public Task<ImmutableArray<SiloDescription>> Silos() => Task.FromResult<ImmutableArray<SiloDescription>>([.. _silos.Values.OrderBy(silo => silo.Address, StringComparer.Ordinal)]);

    private SlotShare Answer(SlotRequest request)
    {
        var slots = _shares.GetValueOrDefault(request.Run, []);
        return new SlotShare(_sequence, slots, slots.IsEmpty ? Waiting(request) : null);
    }

    private string Waiting(SlotRequest request) => _silos.Values.Any(silo => silo.DeviceClasses.Contains(request.DeviceClass))
        ? "waits for a slot: other runs have them all"
        : $"waits for a silo that computes in {request.DeviceClass}; there is none now";

    /// <summary>Keeps up with the silos that come and go, until this activation ends.</summary>
    private async Task Follow()
    {
        try
        {
            await foreach (var snapshot in membership.MembershipUpdates.WithCancellation(_deactivated.Token)) await Learn(snapshot);
        }
        catch (OperationCanceledException) when (_deactivated.IsCancellationRequested)
        {
            // The next activation follows.
        }
        catch (Exception error)
        {
            logger.MembershipLost(error);
            DeactivateOnIdle(); // the next activation begins anew
        }
    }

    private async Task Learn(ClusterMembershipSnapshot snapshot)
    {
        var live = snapshot.Members.Values.Where(silo => silo.Status == SiloStatus.Active).Select(silo => silo.SiloAddress.ToParsableString()).ToHashSet();
        foreach (var gone in _silos.Keys.Except(live).ToList()) _silos.Remove(gone);
        foreach (var come in live.Except(_silos.Keys).ToList())
        {
            if (await Describe(come) is { } silo) _silos[come] = silo;
        }

        Divide();
    }

    private async Task<SiloDescription?> Describe(string silo)
    {
        try
        {
            return await Repeated.Call(() => GrainFactory.GetGrain<ISiloGrain>($"silo/{silo}").Describe(), clock, _deactivated.Token);
        }
        catch (Exception error) when (error is ClusterUnreachableException or OperationCanceledException)
        {
            logger.SiloNotDescribed(error, silo);
            return null;
        }
    }

    private void Forget()
    {
        var forgotten = _runs.Where(run => clock.GetElapsedTime(run.Value.Asked) > Forgotten).Select(run => run.Key).ToList();
        foreach (var run in forgotten) _runs.Remove(run);
        if (forgotten.Count > 0) Divide();
    }

    private void Divide()
    {
        var shares = SlotQueue.Divide([.. _silos.Values], _runs.Values.Select(run => run.Request), _shares);
        if (shares.Count == _shares.Count && shares.All(share => _shares.TryGetValue(share.Key, out var slots) && slots.SequenceEqual(share.Value))) return;
        _shares = shares;
        _sequence++;
        var changed = _changed;
        _changed = NewSignal();
        changed.SetResult(this);
    }

    private static TaskCompletionSource<object> NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
