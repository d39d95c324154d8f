using System.Globalization;
using Orleans.Storage;

namespace IncomingCalls.Orleans.Storage;

/// <summary>
/// Numbered documents that are stored beside the state of their grain, because they are too many or too large to be written with it each
/// time. The state of the grain contains their ids.
/// </summary>
/// <param name="storage">The provider.</param>
/// <param name="kind">The kind of the documents, which is part of their storage key.</param>
/// <param name="owner">The prefix of one of several owners; empty for a single owner.</param>
internal sealed class StoredItemDocumentStore(IGrainStorage storage, string kind, string owner = "")
{
    private const string StateName = "item";

    /// <summary>Reads a document; null when it does not exist.</summary>
    public async Task<byte[]?> ReadAsync(long id) => StoredStateSerializer.Unwrap((await LoadAsync(id)).State);

    /// <summary>Writes a document and replaces an existing one.</summary>
    public async Task WriteAsync(long id, byte[] document)
    {
        var state = await LoadAsync(id);
        state.State = StoredStateSerializer.Wrap(document);
        await storage.WriteStateAsync(StateName, CreateGrainId(id), state);
    }

    /// <summary>Deletes a document if it exists.</summary>
    public async Task DeleteAsync(long id)
    {
        var state = await LoadAsync(id);
        if (state.RecordExists)
        {
            await storage.ClearStateAsync(StateName, CreateGrainId(id), state);
        }
    }

    private async Task<GrainState<StoredState>> LoadAsync(long id)
    {
        // The provider requires the etag of an existing document, so the document is read first.
        var state = new GrainState<StoredState>(new());
        await storage.ReadStateAsync(StateName, CreateGrainId(id), state);
        return state;
    }

    private GrainId CreateGrainId(long id) => GrainId.Create($"incoming-calls.{kind}", string.Create(CultureInfo.InvariantCulture, $"{owner}{id}"));
}
