using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace IncomingCalls.AspNetCore.Requests;

/// <summary>
/// The body of a request. A body that arrives in one segment stays in the buffer of the server; several segments are copied into one pooled array.
/// </summary>
internal readonly struct RequestBody : IDisposable
{
    /// <summary>The size of the first array for a request without Content-Length; notifications are rarely larger.</summary>
    private const int DefaultCapacity = 16 * 1024;

    /// <summary>The largest first array: the sender may write any Content-Length.</summary>
    private const int MaxCapacity = 1024 * 1024;

    private readonly PipeReader? _reader;
    private readonly SequencePosition _end;
    private readonly byte[]? _rented;

    private RequestBody(RequestBodyState state) => State = state;

    private RequestBody(PipeReader reader, ReadOnlySequence<byte> content)
    {
        Utf8Json = content.First;
        _reader = reader;
        _end = content.End;
    }

    private RequestBody(byte[] rented, int length, RequestBodyState state)
    {
        Utf8Json = rented.AsMemory(0, length);
        State = state;
        _rented = rented;
    }

    /// <summary>The bytes. They are valid until the body is disposed.</summary>
    public ReadOnlyMemory<byte> Utf8Json { get; }

    public RequestBodyState State { get; }

    /// <summary>Reads the body to its end, or to the limit.</summary>
    /// <param name="request">The request. A body that middleware has buffered is read again from its beginning.</param>
    /// <param name="limit">The maximum number of bytes that are read.</param>
    /// <returns>A task whose result is the body.</returns>
    public static async ValueTask<RequestBody> ReadAsync(HttpRequest request, int limit)
    {
        try
        {
            if (!CanHaveBody(request))
            {
                return new(RequestBodyState.Empty);
            }

            var body = await ReadAsync(GetReader(request), request.ContentLength, limit);
            if (!body.Utf8Json.IsEmpty)
            {
                return body;
            }

            // The server fails a request whose body ends early, so middleware has read the bytes.
            body.Dispose();
            return new(RequestBodyState.Consumed);
        }
        catch (InvalidOperationException)
        {
            // Middleware has disposed of a stream that owned the body, or has completed its reader.
            return new(RequestBodyState.Consumed);
        }
    }

    public void Dispose()
    {
        Return(_rented);
        _reader?.AdvanceTo(_end);
    }

    private static bool CanHaveBody(HttpRequest request) =>
        request.ContentLength != 0 && request.HttpContext.Features.Get<IHttpRequestBodyDetectionFeature>() is not { CanHaveBody: false };

    private static PipeReader GetReader(HttpRequest request)
    {
        if (!request.Body.CanSeek)
        {
            return request.BodyReader;
        }

        request.Body.Position = 0;
        return PipeReader.Create(request.Body, new StreamPipeReaderOptions(leaveOpen: true));
    }

    private static async ValueTask<RequestBody> ReadAsync(PipeReader reader, long? contentLength, int limit)
    {
        byte[]? rented = null;
        try
        {
            for (var length = 0; ;)
            {
                // Without a token: the server itself ends a read when the connection ends, and Kestrel treats a read that was cancelled
                // before that as an error.
                var result = await reader.ReadAsync(CancellationToken.None);
                var buffer = result.Buffer;
                if (result.IsCompleted && length == 0 && buffer.IsSingleSegment && buffer.Length <= limit)
                {
                    return new(reader, buffer);
                }

                var isWithin = length + buffer.Length <= limit;
                Append(isWithin ? buffer : buffer.Slice(0, limit - length), ref rented, ref length, contentLength);
                // Everything is consumed each time, because Kestrel cannot complete a request properly if bytes were examined but not
                // consumed.
                reader.AdvanceTo(buffer.End);
                if (result.IsCanceled)
                {
                    throw new OperationCanceledException("The server cancelled the read of the request body.");
                }

                if (result.IsCompleted || !isWithin)
                {
                    var body = new RequestBody(rented!, length, isWithin ? RequestBodyState.Complete : RequestBodyState.Truncated);
                    rented = null;
                    return body;
                }
            }
        }
        finally
        {
            Return(rented);
        }
    }

    private static void Append(ReadOnlySequence<byte> buffer, ref byte[]? rented, ref int length, long? contentLength)
    {
        var needed = length + (int)buffer.Length;
        if (rented is null || rented.Length < needed)
        {
            var first = (int)Math.Min(contentLength ?? DefaultCapacity, MaxCapacity);
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, rented?.Length * 2 ?? first));
            rented.AsSpan(0, length).CopyTo(larger);
            Return(rented);
            rented = larger;
        }

        buffer.CopyTo(rented.AsSpan(length));
        length = needed;
    }

    private static void Return(byte[]? rented)
    {
        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }
}

/// <summary>What was read of the body of a request.</summary>
internal enum RequestBodyState
{
    /// <summary>The whole body.</summary>
    Complete = 0,

    /// <summary>The beginning of a body that is longer than the limit.</summary>
    Truncated,

    /// <summary>Nothing: the request has no body.</summary>
    Empty,

    /// <summary>Nothing, because middleware of the host has read the body before.</summary>
    Consumed,
}
