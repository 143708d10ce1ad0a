using FlowGrain.Client;
using FlowGrain.Serving;
using FlowGrain.Storage;

namespace FlowGrain.Cli.Output;

/// <summary>Answers of a cluster as files, whole or not at all.</summary>
internal sealed class AnswerFiles : IAnswerFiles
{
    private const int CopyBytes = 1 << 20;

    public async Task Save(string path, Stream content, CancellationToken cancellation)
    {
        using var file = WholeFile.Create(path);
        var piece = new byte[CopyBytes];
        while (await content.ReadAtLeastAsync(piece, CopyBytes, throwOnEndOfStream: false, cancellation) is > 0 and var count) file.Append(piece.AsMemory(0, count));
        file.Commit();
    }

    public IAnswerFolder Folder(string path) => new Parts(this, PartsFolder.Begin(path, TimeProvider.System));

    private sealed class Parts(AnswerFiles files, PartsFolder folder) : IAnswerFolder
    {
        public Task Save(string name, Stream content, CancellationToken cancellation) => files.Save(folder.In(name), content, cancellation);

        public void Complete() => folder.Complete();

        public void Dispose() => folder.Dispose();
    }
}
