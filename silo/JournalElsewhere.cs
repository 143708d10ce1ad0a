using System.Collections.Immutable;
using FlowGrain.Training;

namespace FlowGrain.Silo;

/// <summary>The journal of a home whose runs stand in another one: whatever needs it is refused with the sentence that says where they are.</summary>
internal sealed class JournalElsewhere(string sentence) : IRunJournal
{
    private BadInputException Refusal => new(sentence);

    public Task<RunEntry> FindOrAdd(string run, NewRun plan) => throw Refusal;

    public Task<RunEntry?> Newest(string run) => throw Refusal;

    public Task<RunEntry?> Version(string run, int version) => throw Refusal;

    public Task<ImmutableArray<RunEntry>> All() => throw Refusal;

    public Task<Epoch> Claim(string run, int version, Epoch? holding = null, long after = 0) => throw Refusal;

    public Task Note(string run, int version, Epoch epoch, RunNote note) => throw Refusal;

    public Task<ImmutableArray<CommittedSnapshot>> Commit(string run, int version, Epoch epoch, CommittedSnapshot snapshot) => throw Refusal;

    public Task Rewind(string run, int version, Epoch epoch, long round) => throw Refusal;

    public Task<ImmutableArray<CommittedSnapshot>> Snapshots(string run, int version) => throw Refusal;

    public Task Delete(string run) => throw Refusal;
}
