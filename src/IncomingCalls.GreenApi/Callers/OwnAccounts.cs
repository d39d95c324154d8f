using System.Collections.Concurrent;
using IncomingCalls.Inbox;

namespace IncomingCalls.GreenApi.Callers;

/// <summary>The ids of the accounts of the instances, as getWaSettings returned them last. Thread-safe.</summary>
internal sealed class OwnAccounts : IOwnIdentities
{
    private readonly ConcurrentDictionary<long, (ChatId? LinkedId, ChatId? PhoneNumber)> _ids = new();

    public bool IsOwn(long idInstance, ChatId chatId) => _ids.TryGetValue(idInstance, out var own) && (chatId == own.LinkedId || chatId == own.PhoneNumber);

    public void Set(long idInstance, GreenApiWaSettings settings) => _ids[idInstance] = (settings.LinkedId, settings.PhoneNumber);

    public void Remove(long idInstance) => _ids.TryRemove(idInstance, out _);
}
