using System.Globalization;
using Orleans.Storage;

namespace IncomingCalls.Orleans.Storage;

/// <summary>
/// Numbered documents beside the state of a grain that owns them: too many, or too large, to be written with it each time. The grain's
/// own state says which there are.
/// </summary>
/// <param name="storage">The provider.</param>
/// <param name="kind">What they are.</param>
/// <param name="owner">Which of several owners has these; empty where there is one.</param>
internal sealed class DocumentStore(IGrainStorage storage, string kind, string owner = "")
{
    private const string StateName = "item";

    /// <summary>A document; null when it is not there.</summary>
    public async Task<byte[]?> ReadAsync(long id) => StoredStateSerializer.Unwrap((await LoadAsync(id)).State);

    /// <summary>Writes a document in the place of the one that may be there.</summary>
    public async Task WriteAsync(long id, byte[] document)
    {
        var state = await LoadAsync(id);
        state.State = StoredStateSerializer.Wrap(document);
        await storage.WriteStateAsync(StateName, CreateGrainId(id), state);
    }

    /// <summary>Deletes a document; one that is not there is as good as deleted.</summary>
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
        // The provider wants the etag of what is there, so what is there is read first.
        var state = new GrainState<StoredState>(new());
        await storage.ReadStateAsync(StateName, CreateGrainId(id), state);
        return state;
    }

    private GrainId CreateGrainId(long id) => GrainId.Create($"incoming-calls.{kind}", string.Create(CultureInfo.InvariantCulture, $"{owner}{id}"));
}
