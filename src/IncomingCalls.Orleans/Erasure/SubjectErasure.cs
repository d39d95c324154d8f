using System.Globalization;
using System.Text.Json;
using IncomingCalls.Inbox;
using IncomingCalls.Orleans.GrainInterfaces;
using IncomingCalls.Orleans.Serialization;
using IncomingCalls.Orleans.State;
using IncomingCalls.Orleans.WakeUps;

namespace IncomingCalls.Orleans.Erasure;

/// <summary>
/// Deletes the data of a person or an instance from the grains. The pending calls are known to the buckets, and the ended calls of a person to its grain. The ended calls of an instance are in the
/// pages of the retention, so those that a storage expires by itself are not found.
/// </summary>
/// <param name="grains">The grains.</param>
/// <param name="handlers">The names of the handlers, whose values are erased.</param>
/// <param name="instances">The instances, each of which can have a person of its own.</param>
/// <param name="subject">What is erased.</param>
internal sealed class SubjectErasure(IGrainFactory grains, IEnumerable<string> handlers, ICallInstances instances, ErasedSubject subject)
{
    private const int MaxConcurrency = 16;

    private const int PageSize = 200;

    private readonly string[] _handlers = [.. handlers];
    private readonly HashSet<CallKey> _calls = [];
    private readonly HashSet<Person> _persons = [];
    private readonly JsonPayload _report = JsonPayload.FromModel(subject.Report);
    private ErasureCounts _counts = new();

    /// <summary>Whether everything that was found could be read and deleted.</summary>
    public bool IsComplete { get; private set; } = true;

    public async Task<ErasureCounts> RunAsync(ChatId? chat)
    {
        var buckets = await Task.WhenAll(Enumerable.Range(0, WakeUpBuckets.Count).Select(bucket => grains.GetGrain<IWakeUpBucketGrain>(bucket).ListCallsAsync()));
        string[] pending = [.. buckets.SelectMany(static calls => calls.Pending)], finished = [.. buckets.SelectMany(static calls => calls.Finished)];
        if (chat is { } caller)
        {
            AddPersons(caller, pending.Concat(finished));
            var known = await Task.WhenAll(_persons.Select(person => Find(person).ListCallsAsync()));
            await EraseCallsAsync(pending.Concat(known.SelectMany(static calls => calls)));
        }
        else
        {
            var prefix = string.Create(CultureInfo.InvariantCulture, $"{subject.Report.IdInstance}/");
            await EraseCallsAsync(pending.Concat(finished).Where(call => call.StartsWith(prefix, StringComparison.Ordinal)));
        }

        await EraseItemsAsync<IDeadLettersGrain>(IsErasedLetterAsync, static (counts, items) => counts with { DeadLetters = counts.DeadLetters + items });
        await EraseItemsAsync<IQuarantineGrain>(IsErasedItemAsync, static (counts, items) => counts with { Quarantined = counts.Quarantined + items });
        await EraseValuesAsync();
        await ErasePersonsAsync();
        return _counts;
    }

    /// <summary>Erases the persons, and of an instance also those whose calls are no longer stored, but whose callback is open.</summary>
    private async Task ErasePersonsAsync()
    {
        var keys = _persons.Select(static person => PersonHash.Of(person).GrainKey);
        if (subject.Report.IdInstance is not null)
        {
            var parts = await Task.WhenAll(Enumerable.Range(0, PersonHash.IndexParts).Select(part => grains.GetGrain<ICallbackIndexGrain>(part).ListAsync()));
            keys = keys.Concat(parts.SelectMany(static part => part.Keys));
        }

        string[] calls = [.. _calls.Select(static call => call.ToString())];
        foreach (var persons in keys.Distinct().Chunk(MaxConcurrency))
        {
            var erased = await Task.WhenAll(persons.Select(person => grains.GetGrain<IPersonGrain>(person).EraseAsync(_report, calls)));
            _counts = _counts with { Persons = _counts.Persons + erased.Count(static isErased => isErased) };
        }
    }

    private IPersonGrain Find(Person person) => grains.GetGrain<IPersonGrain>(PersonHash.Of(person).GrainKey);

    /// <summary>Adds the persons that the chat can be: one of the account, or one of each instance.</summary>
    private void AddPersons(ChatId chat, IEnumerable<string> calls)
    {
        var account = subject.Report.Account;
        var known = calls.Select(static call => long.TryParse(call.AsSpan(0, Math.Max(0, call.IndexOf('/', StringComparison.Ordinal))), CultureInfo.InvariantCulture, out var id) ? id : 0)
            .Where(id => instances.Find(id) is not { } instance || (instance.Account ?? "") == (account ?? ""));
        var configured = instances.Current.Where(instance => (instance.Account ?? "") == (account ?? "")).Select(static instance => instance.IdInstance);
        _persons.UnionWith(configured.Concat(known).Append(0).Distinct().Select(idInstance => Person.Of(chat, idInstance, account)).OfType<Person>());
    }

    private async Task EraseCallsAsync(IEnumerable<string> keys)
    {
        foreach (var calls in keys.Distinct().Chunk(MaxConcurrency))
        {
            var erased = await Task.WhenAll(calls.Select(async call => (Key: call, Call: await TryEraseAsync(call))));
            foreach (var (key, call) in erased)
            {
                if (call is not null)
                {
                    var separator = key.IndexOf('/', StringComparison.Ordinal);
                    _calls.Add(new(long.Parse(key.AsSpan(0, separator), CultureInfo.InvariantCulture), key[(separator + 1)..]));
                    _counts = _counts with { Calls = _counts.Calls + 1, Deliveries = _counts.Deliveries + call.Deliveries, DeadLetters = _counts.DeadLetters + call.DeadLetters };
                    if (call.Person?.ToModel<Person>() is { } person)
                    {
                        _persons.Add(person);
                    }
                }
            }
        }
    }

    /// <summary>Erases a call; null when it is not erased, also because its state cannot be read.</summary>
    private async Task<ErasedCall?> TryEraseAsync(string call)
    {
        try
        {
            return await grains.GetGrain<ICallGrain>(call).EraseAsync(_report);
        }
        catch (Exception)
        {
            IsComplete = false;
            return null;
        }
    }

    private async Task EraseItemsAsync<TGrain>(Func<TGrain, StoredItem, Task<bool>> isErased, Func<ErasureCounts, int, ErasureCounts> count)
        where TGrain : IStoredItemsGrain
    {
        var grain = grains.GetGrain<TGrain>(0);
        List<long> ids = [];
        long after = 0;
        while (await grain.ListAsync(PageSize, after) is { Length: > 0 } page)
        {
            foreach (var item in page)
            {
                after = item.Id;
                if (await isErased(grain, item))
                {
                    ids.Add(item.Id);
                }
            }
        }

        var erased = await grain.EraseAsync([.. ids], _report);
        _counts = count(_counts, erased.Items) with { LogEntries = _counts.LogEntries + erased.LogEntries };
    }

    private Task<bool> IsErasedLetterAsync(IDeadLettersGrain grain, StoredItem item)
    {
        DeadLetterEntry letter;
        try
        {
            letter = new JsonPayload { Utf8Json = item.Document }.ToModel<DeadLetterEntry>();
        }
        catch (JsonException)
        {
            return Task.FromResult(subject.CoversText(idInstance: null, item.Document));
        }

        var isOfAccount = subject.Report.IdInstance is not null || (letter.Account ?? "") == (subject.Report.Account ?? "");
        return Task.FromResult(_calls.Contains(letter.Event.Call) || (isOfAccount && subject.Covers(letter)));
    }

    private async Task<bool> IsErasedItemAsync(IQuarantineGrain grain, StoredItem item)
    {
        var document = JsonSerializer.Deserialize(item.Document, StoredStateJsonContext.Default.QuarantineDocument)!;
        var isOfOther = subject.Report.IdInstance is null && document.IdInstance is { } idInstance && instances.Find(idInstance) is { } instance && (instance.Account ?? "") != (subject.Report.Account ?? "");
        return !isOfOther && document.ReceivedAt <= subject.Report.At && await grain.ReadAsync(item.Id) is { } bytes && subject.CoversText(document.IdInstance, bytes);
    }

    private async Task EraseValuesAsync()
    {
        var keys = _calls.SelectMany(call => _handlers.Select(handler => HandlerValueLocation.Of(handler, call)))
            .Concat(_persons.Where(person => subject.CoversPerson(person.Account, person.IdInstance, person.Id)).SelectMany(person => _handlers.Select(handler => HandlerValueLocation.Of(handler, HandlerKey.Person(person)))));
        foreach (var locations in keys.Chunk(MaxConcurrency))
        {
            var erased = await Task.WhenAll(locations.Select(location => grains.GetGrain<IHandlerValuesGrain>(location.ToGrainKey()).EraseAsync()));
            _counts = _counts with { HandlerValues = _counts.HandlerValues + erased.Sum() };
        }
    }
}
