from django.contrib import messages
from django.db.models import F
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views import generic

from .models import Choice, Question


class IndexView(generic.ListView):
    queryset = Question.objects.order_by("-pub_date")[:5]
    context_object_name = "latest_question_list"
    template_name = "polls/index.html"


class DetailView(generic.DetailView):
    template_name = "polls/detail.html"
    model = Question


class ResultsView(DetailView):
    template_name = "polls/results.html"


def vote(request, question_id):
    question = get_object_or_404(Question, pk=question_id)
    try:
        selected = question.choice_set.get(pk=request.POST["choice"])
    except (KeyError, Choice.DoesNotExist):
        return render(request, "polls/detail.html", {"question": question, "error_message": "You didn't select a choice."})
    selected.votes = F("votes") + 1
    selected.save()
    return HttpResponseRedirect(reverse("polls:results", args=(question.id,)))


def whoami(request):
    """Who the session cookie says is there, what it keeps, and the messages that wait."""
    return JsonResponse(
        {
            "user": request.user.get_username(),
            "seen": request.session.get("seen"),
            "messages": [[m.level, m.message, m.extra_tags] for m in messages.get_messages(request)],
        }
    )


def leave(request):
    """Leave a signed cookie, a message cookie and a value in the session."""
    request.session["seen"] = {"polls": [1, 2]}
    messages.warning(request, "Wait & <b>see</b> é", extra_tags="big")
    response = HttpResponse("left")
    response.set_signed_cookie("basket", "3 apples", salt="basket")
    return response


def basket(request):
    return HttpResponse(request.get_signed_cookie("basket", salt="basket"))
