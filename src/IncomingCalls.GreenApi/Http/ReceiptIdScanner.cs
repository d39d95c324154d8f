using System.Buffers.Text;
using System.Text;

namespace IncomingCalls;

/// <summary>
/// Finds <c>receiptId</c> of the outermost object in JSON that arrives in pieces, in constant memory. It does not judge the
/// JSON: a notification that is broken inside must still be deleted.
/// </summary>
internal sealed class ReceiptIdScanner
{
    // Enough for the name and for any 64-bit number; a longer token is neither.
    private readonly byte[] _token = new byte[24];
    private int _length;
    private int _depth;
    private bool _isInText;
    private bool _isEscaped;
    private bool _isNameNext;
    private bool _isValueOurs;
    private bool _isNumber;

    public long? ReceiptId { get; private set; }

    public bool IsFound => ReceiptId is not null;

    public void Scan(ReadOnlySpan<byte> json)
    {
        foreach (var b in json)
        {
            if (IsFound)
            {
                return;
            }

            if (_isInText)
            {
                TakeInText(b);
            }
            else
            {
                TakeOutside(b);
            }
        }
    }

    private void TakeInText(byte b)
    {
        if (_isEscaped || b != (byte)'"')
        {
            _isEscaped = !_isEscaped && b == (byte)'\\';
            Keep(b);
            return;
        }

        _isInText = false;
        if (_depth != 1)
        {
            return;
        }

        if (_isNameNext)
        {
            _isNameNext = false;
            _isValueOurs = Ascii.EqualsIgnoreCase(Token, "receiptId"u8);
        }
        else if (_isValueOurs)
        {
            Finish();
        }
    }

    private void TakeOutside(byte b)
    {
        switch (b)
        {
            case (byte)'"':
                _isInText = true;
                _length = 0;
                break;
            case (byte)'{' or (byte)'[':
                _depth++;
                _isNameNext = _depth == 1;
                _isValueOurs = false;
                break;
            case (byte)'}' or (byte)']' or (byte)',':
                Finish();
                _depth -= b == (byte)',' ? 0 : 1;
                _isNameNext = b == (byte)',' && _depth == 1;
                break;
            case (byte)':' or (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n':
                break;
            default:
                _length = _isNumber ? _length : 0;
                _isNumber = true;
                Keep(b);
                break;
        }
    }

    private void Keep(byte b)
    {
        if (_length < _token.Length)
        {
            _token[_length] = b;
        }

        _length++;
    }

    private ReadOnlySpan<byte> Token => _length <= _token.Length ? _token.AsSpan(0, _length) : [];

    private void Finish()
    {
        if (_isValueOurs && _depth == 1 && Utf8Parser.TryParse(Token, out long number, out var used) && used == Token.Length)
        {
            ReceiptId = number;
        }

        _isValueOurs &= _depth != 1;
        _isNumber = false;
        _length = 0;
    }
}
