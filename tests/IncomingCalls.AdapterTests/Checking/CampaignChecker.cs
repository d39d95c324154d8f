using IncomingCalls.AdapterTests.Hosting;
using IncomingCalls.AdapterTests.Traffic;
using IncomingCalls.Fakes.Crm;
using Microsoft.AspNetCore.Http;

namespace IncomingCalls.AdapterTests.Checking;

/// <summary>Compares the portals with the calls after a campaign.</summary>
internal sealed class CampaignChecker(CampaignWorld world, IReadOnlyCollection<PlannedCall> calls, IReadOnlyCollection<string> quietPortals, Action<string> writeLine)
{
    private static readonly TimeSpan SettleTime = TimeSpan.FromSeconds(20);

    private readonly List<Finding> _findings = [];
    private readonly List<TimeSpan> _delays = [];
    private int _lostDelayCount;
    private int _otherNodeCount;

    public async Task<IReadOnlyList<Finding>> CheckAsync()
    {
        foreach (var portal in world.Server.Portals)
        {
            Check(portal, [.. calls.Where(call => call.Portal == portal.Name)]);
        }

        foreach (var violation in world.Server.Violations)
        {
            var refusal = violation.Kind == ViolationKind.SentDuringRetryAfter ? FindRefusal(violation) : null;
            if (refusal is not null && HasKillLostTheDelay(refusal))
            {
                _lostDelayCount++;
            }
            else if (refusal is not null && refusal.Client != violation.Client && violation.Time - refusal.Time < world.MaxAttempt)
            {
                _otherNodeCount++;
            }
            else
            {
                Add(FindingKind.Violation, Describe(violation));
            }
        }

        var statistics = await world.Administration.GetStatisticsAsync();
        if (statistics.Depth > 0)
        {
            Add(FindingKind.StillPending, $"{statistics.Depth} deliveries");
        }

        foreach (var letter in await world.Administration.ListDeadLettersAsync())
        {
            Add(FindingKind.DeadLetter, $"{letter.Call} {letter.Kind} after {letter.Attempts} attempts: {letter.Error}");
        }

        WriteFigures();
        return _findings;
    }

    private void Check(CrmPortal portal, PlannedCall[] planned)
    {
        var records = portal.Calls.ToLookup(call => call.ExternalId);
        foreach (var call in planned)
        {
            Check(call, [.. records[call.Key.ToString()]]);
        }

        foreach (var unknown in records.Select(record => record.Key).Except(planned.Select(call => call.Key.ToString())))
        {
            Add(FindingKind.WrongRecord, $"{portal.Name} has a record of an unknown call {unknown}");
        }

        CheckItems(portal, planned);
    }

    private void Check(PlannedCall call, CallRecord[] records)
    {
        if (records.Length != (call.RecordedPhone is null ? 0 : 1))
        {
            Add(FindingKind.WrongRecord, $"{call.Key} has {records.Length} records");
            return;
        }

        if (records is not [var record])
        {
            return;
        }

        if (record.Finishes.Count != 1 || record.Text != call.Text || record.Phone != call.RecordedPhone)
        {
            Add(FindingKind.WrongRecord, $"{call.Key} was finished {record.Finishes.Count} times with the text '{record.Text}' in place of '{call.Text}'");
            return;
        }

        if (quietPortals.Contains(call.Portal) && call.AcceptedAt is { } acceptedAt)
        {
            var dueAt = call.LastStatus == "pickUp" ? acceptedAt : acceptedAt + SettleTime;
            var delay = (record.Changes is [.., var change] ? change.Time : record.Finishes[0].Time) - dueAt;
            _delays.Add(delay);
            if (delay > world.MaxDelay)
            {
                Add(FindingKind.LateRecord, $"{call.Key} of {call.Portal} was recorded {delay.TotalSeconds:F1} s late");
            }
        }
    }

    /// <summary>A person has one open item if the last call that was answered or not was not answered, and otherwise none.</summary>
    private void CheckItems(CrmPortal portal, PlannedCall[] planned)
    {
        var open = portal.Items.Where(item => item.ClosedAt is null).CountBy(item => item.Text ?? "").ToDictionary();
        foreach (var person in planned.Where(call => call is { From: not null, LastStatus: not null }).GroupBy(call => ChatId.Parse(call.From!)))
        {
            var last = person.MaxBy(call => call.OfferedAt)!;
            // Calls that begin in the same second have no order.
            var isAmbiguous = person.Any(call => call != last && call.OfferedAt == last.OfferedAt);
            var count = open.GetValueOrDefault($"Call back {person.Key.PhoneNumber ?? person.Key.Value}");
            if (count > 1 || (!isAmbiguous && count != (last.LastStatus == "pickUp" ? 0 : 1)))
            {
                Add(FindingKind.WrongItem, $"{portal.Name} has {count} open items of a person whose last call {last.Key} was {last.LastStatus}");
            }
        }
    }

    /// <summary>Finds the answer 429 that a request came too early after; null when it was answered otherwise before.</summary>
    private RequestRecord? FindRefusal(Violation violation) => world.Server.Requests
        .LastOrDefault(request => request.Portal == violation.Portal && request.Time < violation.Time && request.Operation != CrmOperation.RefreshTokens)
        is { Status: StatusCodes.Status429TooManyRequests } refusal ? refusal : null;

    /// <summary>
    /// Whether a request came too early because the process that was asked for the delay was killed before it had stored it. No client can avoid that. The request is answered 429
    /// again, so there is one of them for each portal and kill.
    /// </summary>
    private bool HasKillLostTheDelay(RequestRecord refusal) => world.Kills.Any(kill => kill.Time >= refusal.Time && kill.Time <= refusal.Time + world.Precision);

    /// <summary>A violation, with what came before it.</summary>
    private string Describe(Violation violation)
    {
        var requests = world.Server.Requests.Where(request => request.Portal == violation.Portal && request.Time <= violation.Time).TakeLast(4);
        var kill = world.Kills.LastOrDefault(kill => kill.Time <= violation.Time);
        return $"{violation.Kind} at {violation.Portal}, last kill {kill.Place} at {kill.Time:T}, last requests "
            + string.Join(", ", requests.Select(request => $"{request.Operation} {request.Status} of {request.Client} at {request.Time:HH:mm:ss.f}"));
    }

    private void WriteFigures()
    {
        foreach (var finding in _findings)
        {
            writeLine($"FOUND {finding.Kind}: {finding.Text}");
        }

        writeLine($"calls: {calls.Count}");
        writeLine($"records: {world.Server.Portals.Sum(portal => portal.Calls.Count)}");
        writeLine($"records changed later: {world.Server.Portals.Sum(portal => portal.Calls.Count(call => call.Changes.Count > 0))}");
        writeLine($"registrations that the portal recognised as repeated: {world.Server.Portals.Sum(portal => portal.Calls.Sum(call => call.RepeatCount))}");
        writeLine($"items: {world.Server.Portals.Sum(portal => portal.Items.Count)}");
        writeLine($"requests: {world.Server.Requests.Count}");
        foreach (var requests in world.Server.Requests.CountBy(request => request.Status ?? 0).OrderBy(requests => requests.Key))
        {
            writeLine($"requests ({(requests.Key == 0 ? "connection cut" : requests.Key)}): {requests.Value}");
        }

        writeLine($"requests that came too early because a kill had lost the delay: {_lostDelayCount}");
        writeLine($"requests of another node that ran when the delay was asked for: {_otherNodeCount}");
        writeLine($"refreshes: {world.Server.Portals.Sum(portal => portal.TakeSnapshot().RefreshCount)}");
        _delays.Sort();
        if (_delays.Count > 0)
        {
            writeLine($"calls of healthy portals: {_delays.Count}, recorded after the settle time within {_delays[_delays.Count / 2].TotalSeconds:F1} s (median), {_delays[^1].TotalSeconds:F1} s (longest)");
        }

        foreach (var kind in Enum.GetValues<FindingKind>())
        {
            writeLine($"found ({kind}): {_findings.Count(finding => finding.Kind == kind)}");
        }
    }

    private void Add(FindingKind kind, string text) => _findings.Add(new(kind, text));
}
