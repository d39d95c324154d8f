namespace CallDesk.Store;

/// <summary>What every row of the desk has. The rows are also the JSON of the desk's API.</summary>
internal interface IDeskRow
{
    /// <summary>The primary key: writing the same row again changes nothing.</summary>
    string Id { get; }

    /// <summary>Whose it is; null when nobody said who calls.</summary>
    string? ChatId { get; }

    /// <summary>When it happened, in UTC.</summary>
    DateTime At { get; }

    /// <summary>When the desk wrote it, in UTC: the gateway's times are to the second, and rows of one second have an order too.</summary>
    DateTime WrittenAt { get; set; }
}
