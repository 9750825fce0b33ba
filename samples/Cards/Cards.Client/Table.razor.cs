using System.Collections.Immutable;
using Krmx;
using Krmx.State;
using Microsoft.AspNetCore.Components;

namespace Cards.Client;

/// <summary>A table as one player sees it. What the page shows is the shared state and nothing else.</summary>
public sealed partial class Table
{
    private const string FeltKey = "felt";

    private static readonly string[] Felts = ["seagreen", "steelblue", "indianred", "slategray"];

    private readonly KrmxClient _client = new();
    private readonly ClientProjection<GameView> _game;
    private readonly ClientStream<ImmutableArray<Line>> _talk;
    private readonly ClientAtoms _atoms;
    private string? _player;
    private string _name = "";
    private string? _refusal;
    private bool _isSittingDown;
    private string? _trouble;
    private string _saying = "";

    public Table()
    {
        _game = _client.AddProjection("game", GameModel.Model);
        _talk = _client.AddStream("talk", TalkModel.Model);
        _atoms = _client.AddAtoms();
        _game.OnChange(_ => StateHasChanged());
        _talk.OnChange(_ => StateHasChanged());
        _atoms.OnChange(_ => StateHasChanged());
        _client.OnStatus(status =>
        {
            _trouble = status == ClientStatus.Reconnecting ? "The connection was lost. Trying again…" : null;
            if (status == ClientStatus.Disconnected && _player is not null)
                Unseat($"You have lost your seat: {_client.LastClose}.");
            StateHasChanged();
        });
        _client.OnReject(reason =>
        {
            // Coming back after a lost connection; where somebody sits down, whoever asked is told.
            if (_player is not null && !IsLinked)
                Unseat(Explain(reason));
        });
    }

    [Parameter]
    public string Room { get; set; } = "";

    private bool IsLinked => _client.Status == ClientStatus.Linked;

    private bool CanSitDown => !_isSittingDown && _client.Status is ClientStatus.Disconnected or ClientStatus.Connected;

    private bool IsMyTurn => _game is { IsLive: true, View.Turn: string turn } && turn == _player;

    private string Invitation => Navigation.ToAbsoluteUri($"rooms/{Uri.EscapeDataString(Room)}").ToString();

    private string Situation => _game.View switch
    {
        null => "",
        { Winner: string winner } => winner == _player ? "You win the round!" : $"{winner} wins the round.",
        { IsPlaying: false, Seats.Length: < 2 } => "Waiting for somebody to play with.",
        { IsPlaying: false } => "Deal when everybody is here.",
        { Turn: null } => "…",
        { Turn: string turn, HasDrawn: bool hasDrawn } when turn == _player => hasDrawn ? "Your turn: play or pass." : "Your turn: play or draw.",
        { Turn: string turn } => $"It is {turn}'s turn.",
    };

    public ValueTask DisposeAsync() => _client.DisposeAsync();

    protected override async Task OnInitializedAsync()
    {
        _name = await Player.RecallAsync() ?? "";
        if (_name.Length > 0)
            await SitDownAsync();
    }

    private static string Explain(string reason) => reason switch
    {
        _ when reason.Contains("already linked", StringComparison.Ordinal) =>
            "Somebody of that name sits here, perhaps you in another tab. Choose another name.",
        "invalid username" => "A name has 2 to 32 letters, digits and single . - @ _, and starts with a letter.",
        _ => $"You cannot sit down here: {reason}.",
    };

    private bool IsMe(Seat seat) => seat.Id == _player;

    private async Task SitDownAsync()
    {
        string name = _name.Trim();
        _refusal = null;
        _isSittingDown = true;
        try
        {
            if (_client.Status == ClientStatus.Disconnected)
                await _client.ConnectAsync(ServerAddress());
            await _client.LinkAsync(name);
            await Player.RememberAsync(name);
            _player = name;
        }
        catch (KrmxLinkRejectedException rejection)
        {
            _refusal = Explain(rejection.Reason);
        }
        catch (KrmxException error)
        {
            _refusal = $"Nobody could sit down: {error.Message}.";
        }
        finally
        {
            _isSittingDown = false;
        }
    }

    private string ServerAddress()
    {
        var page = new Uri(Navigation.BaseUri);
        return $"{(page.Scheme == "https" ? "wss" : "ws")}://{page.Authority}/tables/{Uri.EscapeDataString(Room)}";
    }

    /// <summary>Back to the form, which says why.</summary>
    private void Unseat(string why)
    {
        _player = null;
        _refusal = why;
        StateHasChanged();
    }

    private static string Count(int cards) => cards == 1 ? "1 card" : $"{cards} cards";

    private static string Colour(Card card) => card.Suit is Suit.Diamonds or Suit.Hearts ? "red" : "black";

    private static MarkupString Face(Card card)
    {
        string rank = card.Rank is >= Rank.Jack ? card.Rank.ToString()[..1] : ((int)card.Rank).ToString(System.Globalization.CultureInfo.InvariantCulture);
        return new MarkupString($"<span class=\"rank\">{rank}</span><span class=\"suit\">{"♣♦♥♠"[(int)card.Suit]}</span>");
    }

    private Task ActAsync(KrmxAction action) => TryAsync(() => _game.DispatchAsync(action));

    private Task SayAsync()
    {
        string text = _saying;
        _saying = "";
        return text.Trim().Length == 0 ? Task.CompletedTask : TryAsync(() => _talk.DispatchAsync(TalkModel.Say(text)));
    }

    private async Task TryAsync(Func<Task<DispatchResult>> dispatch)
    {
        _trouble = null;
        try
        {
            DispatchResult result = await dispatch();
            _trouble = result.IsAccepted ? null : $"That is not possible: {result.Reason}.";
        }
        catch (KrmxException error)
        {
            _trouble = $"Nobody knows whether that counted: {error.Message}.";
        }
    }

    private async Task LeaveAsync()
    {
        try
        {
            await _client.LeaveAsync();
        }
        catch (KrmxException)
        {
            // Not linked, or no longer: then the seat stays, and whoever comes back under the name has it.
        }
        Navigation.NavigateTo("");
    }
}
