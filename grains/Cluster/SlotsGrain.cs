using System.Collections.Immutable;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace FlowGrain.Cluster;

/// <inheritdoc cref="ISlotsGrain" />
[OnStayingSilo]
internal sealed class SlotsGrain(
    IClusterMembershipService membership, LeavingSilos leaving, IHostApplicationLifetime host, TimeProvider clock, ILogger<SlotsGrain> logger) : Grain, ISlotsGrain
{
    private static readonly TimeSpan Forgotten = TimeSpan.FromSeconds(30); // three long polls

    private readonly CancellationTokenSource _deactivated = CancellationTokenSource.CreateLinkedTokenSource(host.ApplicationStopping);
    private readonly Dictionary<string, (SlotRequest Request, long Asked)> _runs = [];
    private readonly Dictionary<string, SiloDescription> _silos = [];
    private readonly Dictionary<string, (Task Described, CancellationTokenSource Gone)> _live = [];
    private ImmutableDictionary<string, ImmutableArray<Slot>> _shares = ImmutableDictionary<string, ImmutableArray<Slot>>.Empty;
    private TaskCompletionSource<object> _changed = NewSignal();
    private Task _following = Task.CompletedTask;
    private long _sequence;

    /// <summary>Whether a live silo has yet to say what it has.</summary>
    private bool IsAsking => _silos.Count < _live.Count;

    public override async Task OnActivateAsync(CancellationToken cancellation)
    {
        _sequence = clock.GetUtcNow().UtcTicks; // later than what an activation before gave
        Learn(membership.CurrentSnapshot);
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
        if (known ? seen == _sequence : IsAsking && _shares.GetValueOrDefault(request.Run, []).IsEmpty) await LongPoll.Answer(_changed.Task, clock, _deactivated.Token);
        Forget();
        return _sequence == seen ? null : Answer(request);
    }

    public Task Release(string run)
    {
        if (_runs.Remove(run)) Divide();
        return Task.CompletedTask;
    }

    public Task Leave(string silo)
    {
        leaving.Add(silo);
        Learn(membership.CurrentSnapshot);
        return Task.CompletedTask;
    }

    public async Task<ImmutableArray<SiloDescription>> Silos()
    {
        await Task.WhenAll(_live.Values.Select(silo => silo.Described));
        Forget();
        var holders = _shares.SelectMany(share => share.Value.Select(slot => (Slot: slot, Run: share.Key))).ToLookup(held => held.Slot, held => held.Run);
        return [.. _silos.Values.OrderBy(silo => silo.Address, StringComparer.Ordinal).Select(silo => Held(silo, holders))];
    }

    private static SiloDescription Held(SiloDescription silo, ILookup<Slot, string> holders)
    {
        ImmutableArray<string?> runs = [.. Enumerable.Range(0, silo.Slots).Select(index => holders[new Slot(silo.Address, index)].FirstOrDefault())];
        return silo with { Holders = runs, BusySlots = runs.Count(run => run is not null) };
    }

    private SlotShare Answer(SlotRequest request)
    {
        var slots = _shares.GetValueOrDefault(request.Run, []);
        return new SlotShare(_sequence, slots, slots.IsEmpty ? Waiting(request) : null);
    }

    private string Waiting(SlotRequest request)
    {
        if (_silos.Values.Any(silo => silo.DeviceClasses.Contains(request.DeviceClass))) return "waits for a slot: other runs have them all";
        return IsAsking
            ? $"waits for a silo that computes in {request.DeviceClass}; not every silo has said yet in what it does"
            : $"waits for a silo that computes in {request.DeviceClass}; there is none now";
    }

    /// <summary>Keeps up with the silos that come and go, until this activation ends.</summary>
    private async Task Follow()
    {
        try
        {
            await foreach (var snapshot in membership.MembershipUpdates.WithCancellation(_deactivated.Token)) Learn(snapshot);
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

    private void Learn(ClusterMembershipSnapshot snapshot)
    {
        var active = snapshot.Members.Values.Where(silo => silo.Status == SiloStatus.Active).Select(silo => silo.SiloAddress.ToParsableString()).Where(silo => !leaving.Contains(silo)).ToHashSet();
        foreach (var gone in _live.Keys.Except(active).ToList()) Forget(gone);
        foreach (var come in active.Except(_live.Keys).ToList())
        {
            var gone = CancellationTokenSource.CreateLinkedTokenSource(_deactivated.Token);
            _live[come] = (Describe(come, gone.Token), gone);
        }

        Divide();
    }

    private void Forget(string silo)
    {
        _live.Remove(silo, out var live);
        live.Gone.Cancel();
        live.Gone.Dispose();
        _silos.Remove(silo);
    }

    /// <summary>Asks a silo what it has. One that died and is not yet known to be dead does not answer, and keeps nobody waiting.</summary>
    private async Task Describe(string silo, CancellationToken gone)
    {
        try
        {
            var description = await Repeated.Call(() => GrainFactory.GetGrain<ISiloGrain>($"silo/{silo}").Describe().WaitAsync(gone), clock, gone);
            gone.ThrowIfCancellationRequested();
            _silos[silo] = description;
            Divide();
        }
        catch (OperationCanceledException) when (gone.IsCancellationRequested)
        {
            // It is gone, or this activation is.
        }
        catch (Exception error)
        {
            logger.SiloNotDescribed(error, silo);
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
