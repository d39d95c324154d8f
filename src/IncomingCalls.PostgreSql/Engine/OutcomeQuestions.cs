using System.Collections.Concurrent;
using IncomingCalls.Inbox;
using IncomingCalls.PostgreSql.Storage;

namespace IncomingCalls.PostgreSql.Engine;

/// <summary>
/// Resolves the missing outcomes of calls. The policy of the host and the journal of the gateway may be slow, so they are asked outside of the transactions. One node asks the journals: the
/// one that polls.
/// </summary>
/// <param name="context">The dependencies of the inbox.</param>
/// <param name="calls">The calls.</param>
/// <param name="onChanged">Called with each change.</param>
internal sealed class OutcomeQuestions(InboxContext context, CallStore calls, Action<CallChange> onChanged)
{
    /// <summary>How many instances are asked at once.</summary>
    private const int MaxConcurrentInstances = 20;

    /// <summary>Resolves the calls that a look has found.</summary>
    public async Task ResolveAsync(IReadOnlyList<DueOutcome> due, CancellationToken stopping)
    {
        List<(DueOutcome Due, CallState Call)> taken = [];
        foreach (var outcome in due.TakeWhile(_ => !stopping.IsCancellationRequested))
        {
            if (outcome.IsCatchingUp || !context.Transitions.HasJournal(outcome.IdInstance))
            {
                // Other nodes receive the late notifications of an instance, too.
                var answer = outcome.IsCatchingUp ? context.Transitions.Postpone() : context.Transitions.AnswerWithoutJournal(outcome.IdInstance);
                Report(await calls.TryResolveOutcomeAsync(outcome.Id, answer, isTaken: false));
            }
            else if (!context.IsPolledElsewhere() && await calls.TryTakeOutcomeAsync(outcome.Id) is { } call)
            {
                taken.Add((outcome, call));
            }
        }

        ConcurrentBag<(DueOutcome Due, OutcomeAnswer Answer)> answers = [];
        await Parallel.ForEachAsync(
            taken.GroupBy(static outcome => outcome.Due.IdInstance),
            new ParallelOptions { MaxDegreeOfParallelism = MaxConcurrentInstances, CancellationToken = stopping },
            async (instance, cancellationToken) =>
            {
                foreach (var (outcome, call) in instance)
                {
                    answers.Add((outcome, await context.Transitions.AskForOutcomeAsync(call, cancellationToken)));
                }
            });
        foreach (var (outcome, answer) in answers)
        {
            Report(await calls.TryResolveOutcomeAsync(outcome.Id, answer, isTaken: true));
        }
    }

    private void Report(CallChange? change)
    {
        if (change is not null)
        {
            onChanged(change);
        }
    }
}
