namespace IncomingCalls.Fakes.Crm.Records;

/// <summary>The requests and violations of all portals, in the order of arrival.</summary>
internal sealed class RequestLog(TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly List<RequestRecord> _requests = [];
    private readonly List<Violation> _violations = [];

    public IReadOnlyList<RequestRecord> Requests
    {
        get
        {
            lock (_gate)
            {
                return [.. _requests];
            }
        }
    }

    public IReadOnlyList<Violation> Violations
    {
        get
        {
            lock (_gate)
            {
                return [.. _violations];
            }
        }
    }

    /// <summary>Records a request that has arrived.</summary>
    /// <returns>The number of the request.</returns>
    public int Add(string portal, string method, string path, CrmOperation? operation, string? client)
    {
        lock (_gate)
        {
            _requests.Add(new(portal, time.GetUtcNow(), method, path, operation, Status: null, client));
            return _requests.Count - 1;
        }
    }

    /// <summary>Records the status, before it is sent: a client that has the answer finds it in the record.</summary>
    public void SetStatus(int request, int status)
    {
        lock (_gate)
        {
            _requests[request] = _requests[request] with { Status = status };
        }
    }

    /// <summary>Records what is wrong with a request.</summary>
    public void AddViolation(int request, ViolationKind kind)
    {
        lock (_gate)
        {
            var (portal, arrivedAt, _, _, operation, _, client) = _requests[request];
            _violations.Add(new(portal, arrivedAt, kind, operation, client));
        }
    }
}
