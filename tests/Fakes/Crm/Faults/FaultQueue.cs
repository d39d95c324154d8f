namespace IncomingCalls.Fakes.Crm.Faults;

/// <summary>The faults of the next requests to a portal.</summary>
internal sealed class FaultQueue
{
    private readonly Lock _gate = new();
    private readonly List<ScriptedFault> _faults = [];

    public void Add(ScriptedFault fault, int times)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(times);
        lock (_gate)
        {
            _faults.AddRange(Enumerable.Repeat(fault, times));
        }
    }

    /// <summary>Removes and returns the first fault that applies to an operation; null for none.</summary>
    public ScriptedFault? Dequeue(CrmOperation operation)
    {
        lock (_gate)
        {
            var index = _faults.FindIndex(fault => fault.Operation is not { } only || only == operation);
            if (index < 0)
            {
                return null;
            }

            var found = _faults[index];
            _faults.RemoveAt(index);
            return found;
        }
    }
}

/// <summary>The fault of one request.</summary>
/// <param name="Fault">What goes wrong.</param>
/// <param name="Operation">The operation that it is for; null for any.</param>
/// <param name="Delay">How late a slow answer is.</param>
internal sealed record ScriptedFault(CrmFault Fault, CrmOperation? Operation, TimeSpan Delay);
